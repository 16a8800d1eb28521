/**
 * Moving a plane of elements from one layout to another, made once for each pair of dtypes: a loop that has seen arrays
 * of one type only is several times faster than one that has seen them all.
 */
import { dtypes } from '../../ops/dtype.ts'
import type { DType, TypedArray } from '../../ops/value.ts'
import { codeGeneration } from '../../scalar/index.ts'

export type Assignment = '=' | '+='

/** rows × columns elements from data[s] to out[o]; steps to the next row and column are (o0, o1) and (s0, s1). */
type Mover = (
  out: TypedArray,
  data: TypedArray,
  o: number,
  s: number,
  rows: number,
  columns: number,
  o0: number,
  o1: number,
  s0: number,
  s1: number,
) => void

/** Rows and columns of a tile: all lines of the source that it touches stay in the first cache. */
const TILE = 16
/** From this length on copying a row as a whole is faster than element by element. */
const LONG = 32

const movers = new Map<string, Mover>()

export function moverFor(assignment: Assignment, to: DType, from: DType): Mover {
  if (!codeGeneration.allowed()) return assignment === '=' ? copyPlane : addPlane
  const key = `${dtypes.indexOf(to)}${assignment}${dtypes.indexOf(from)}`
  let mover = movers.get(key)
  if (!mover) movers.set(key, (mover = makeMover(assignment)))
  return mover
}

function makeMover(assignment: Assignment): Mover {
  const whole = `if (o1 === 1 && s1 === 1 && columns >= ${LONG}) {
    for (let i = 0; i < rows; i++) out.set(data.subarray(s + i * s0, s + i * s0 + columns), o + i * o0)
    return
  }`
  // Where the source runs across the target, tiles; else each row in full.
  const source = `${assignment === '=' ? whole : ''}
  if (columns < 8 && rows > columns) [rows, columns, o0, o1, s0, s1] = [columns, rows, o1, o0, s1, s0]
  const across = Math.abs(s0) < Math.abs(s1) && columns >= ${TILE} && rows > 1
  const high = across ? ${TILE} : rows, wide = across ? ${TILE} : columns
  for (let top = 0; top < rows; top += high) {
    const bottom = Math.min(rows, top + high)
    for (let left = 0; left < columns; left += wide) {
      const n = Math.min(columns, left + wide) - left
      for (let i = top; i < bottom; i++) {
        let p = o + i * o0 + left * o1, q = s + i * s0 + left * s1
        for (let j = 0; j < n; j++) {
          out[p] ${assignment} data[q]
          p += o1
          q += s1
        }
      }
    }
  }`
  return new Function('out', 'data', 'o', 's', 'rows', 'columns', 'o0', 'o1', 's0', 's1', source) as Mover
}

const copyPlane: Mover = (out, data, o, s, rows, columns, o0, o1, s0, s1) => {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[o + i * o0 + j * o1] = data[s + i * s0 + j * s1]
}

const addPlane: Mover = (out, data, o, s, rows, columns, o0, o1, s0, s1) => {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[o + i * o0 + j * o1] += data[s + i * s0 + j * s1]
}
