/**
 * A contraction as matrix products. The letters of the index string fall into four groups: in both operands and the
 * result (batch), in a and the result (rows), in b and the result (columns), in both operands only (summed). Within a
 * group an element's place is a sum of one offset per letter, so loops per group describe any layout, transposed,
 * strided or overlapping (a convolution's windows), without copying it first.
 */
import { parseIndices } from '../../ops/kinds/contract.ts'
import { contiguousStrides } from '../../ops/shape.ts'
import type { Shape, Strided, TypedArray } from '../../ops/value.ts'
import { collapse, type Loops, placesOf } from './layout.ts'

export interface Place {
  readonly data: TypedArray
  readonly offset: number
}

/** C = Σ A B. The loops' strides are those of a, b and c in turn; 0 where the operand lacks the letter. */
export interface Product {
  readonly a: Place
  readonly b: Place
  readonly c: Place
  readonly batch: Loops
  readonly rows: Loops
  readonly columns: Loops
  readonly summed: Loops
}

export function productOf(x: Strided, y: Strided, indices: string, out: TypedArray, shape: Shape): Product {
  const letters = parseIndices(indices)
  const a = withoutLonely(x, letters.a, letters.b + letters.out)
  const b = withoutLonely(y, letters.b, letters.a + letters.out)
  const c = { data: out, offset: 0, shape, strides: contiguousStrides(shape), letters: letters.out }
  const { batch, rows, columns, summed } = groupsOf(a.letters, b.letters, c.letters)
  return {
    a,
    b,
    c,
    batch: loopsOf(batch, a, b, c),
    rows: loopsOf(rows, a, b, c),
    columns: loopsOf(columns, a, b, c),
    summed: loopsOf(summed, a, b, c),
  }
}

/** Per letter, its place among the letters of a, b and c; -1 where it is not. */
type Group = readonly (readonly [inA: number, inB: number, inC: number])[]

interface Groups {
  readonly batch: Group
  readonly rows: Group
  readonly columns: Group
  readonly summed: Group
}

const known = new Map<string, Groups>()

function groupsOf(a: string, b: string, c: string): Groups {
  const key = `${a},${b}->${c}`
  let groups = known.get(key)
  if (!groups) {
    const places = (letters: Iterable<string>, wanted: (l: string) => boolean): Group =>
      [...letters].filter(wanted).map((l) => [a.indexOf(l), b.indexOf(l), c.indexOf(l)] as const)
    groups = {
      batch: places(c, (l) => a.includes(l) && b.includes(l)),
      rows: places(c, (l) => !b.includes(l)),
      columns: places(c, (l) => !a.includes(l)),
      summed: places(a, (l) => !c.includes(l)),
    }
    known.set(key, groups)
  }
  return groups
}

interface Lettered extends Place {
  readonly letters: string
  readonly shape: Shape
  readonly strides: readonly number[]
}

function loopsOf(group: Group, a: Lettered, b: Lettered, c: Lettered): Loops {
  const sizes = group.map(([inA, inB]) => (inA >= 0 ? a.shape[inA] : b.shape[inB]))
  const strides = [a, b, c].map(({ strides: own }, x) => group.map((places) => (places[x] >= 0 ? own[places[x]] : 0)))
  return group.length > 1 || sizes[0] === 1 ? collapse(sizes, strides) : { sizes, strides }
}

/** A letter that stands in this operand alone is summed over before anything is multiplied. */
function withoutLonely({ buffer, shape, strides, offset, dtype }: Strided, letters: string, others: string): Lettered {
  const kept: number[] = []
  const lonely: number[] = []
  for (let d = 0; d < letters.length; d++) (others.includes(letters[d]) ? kept : lonely).push(d)
  if (lonely.length === 0) return { letters, shape, strides, data: buffer, offset }
  const places = (dims: readonly number[]) =>
    placesOf({ sizes: dims.map((d) => shape[d]), strides: [dims.map((d) => strides[d])] }, 0)
  const [at, along] = [places(kept), places(lonely)]
  const exact = dtype === 'int32' || dtype === 'bool'
  const data = exact ? new Int32Array(at.length) : new Float64Array(at.length)
  for (let i = 0; i < at.length; i++) {
    let sum = 0
    for (let k = 0; k < along.length; k++) sum += buffer[offset + at[i] + along[k]]
    data[i] = sum
  }
  const left = kept.map((d) => shape[d])
  return {
    letters: kept.map((d) => letters[d]).join(''),
    shape: left,
    strides: contiguousStrides(left),
    data,
    offset: 0,
  }
}
