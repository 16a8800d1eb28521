/**
 * What a list of indices means for a tensor. Integers, ranges and new axes only look at the elements differently: they
 * make the base, a view. Index arrays and masks are left over as lists of rows, one per dimension of the base that
 * they stand for.
 */
import { ArgumentError, DTypeError, IndexError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { isFloating } from '../../ops/dtype.ts'
import { sameShape, shapeText } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/index.ts'
import { ranges, slice } from '../../ops/view/slice.ts'
import { fromArray, Tensor, tensor } from '../../tensor/index.ts'
import { type Range, resolveIndex, resolveRange } from '../shape/slice.ts'

export type IndexArray = readonly (number | boolean | IndexArray)[] | Int32Array

/** An integer, a range, a new axis, the dimensions in between, or rows by number or by mask. */
export type Index = number | null | '...' | Range | Tensor | IndexArray

export interface Rows {
  /** The dimension of the base and, for messages, that of the tensor. */
  readonly dim: number
  readonly of: number
  readonly index: Tensor
}

export interface Plan {
  readonly base: Tensor
  readonly rows: readonly Rows[]
}

export function planOf(name: string, x: Tensor, indices: readonly Index[]): Plan {
  const taken: Record<number, { start: number; step: number; size: number }> = {}
  const shape: number[] = []
  const rows: Rows[] = []
  let d = 0
  for (const index of complete(name, x, indices)) {
    if (index === null) shape.push(1)
    else if (typeof index === 'number') {
      taken[d] = { start: resolveIndex(name, index, d, x.shape[d]), step: 1, size: 1 }
      d++
    } else if (index instanceof Tensor) {
      for (const row of rowsOf(name, x, index, d)) {
        rows.push({ dim: shape.length, of: d, index: row })
        shape.push(x.shape[d++])
      }
    } else {
      taken[d] = resolveRange(name, index, x.shape[d])
      shape.push(taken[d++].size)
    }
  }
  const part = Object.keys(taken).length === 0 ? x : slice(x, ranges(x, taken))
  return { base: sameShape(part.shape, shape) ? part : reshape(part, shape), rows }
}

type Entry = number | null | Range | Tensor

/** One entry per dimension: '...' and what is missing at the end stand for whole dimensions. */
function complete(name: string, x: Tensor, indices: readonly Index[]): Entry[] {
  const entries = indices.map((index) => (index === '...' ? index : entryOf(name, index)))
  const dots = entries.indexOf('...')
  if (dots >= 0 && entries.includes('...', dots + 1)) throw new ArgumentError(`${name}: '...' may stand only once`)
  const named = (list: readonly (Entry | '...')[]) => list.reduce<number>((n, e) => n + dimensionsOf(e), 0)
  const open = x.shape.length - named(entries)
  if (open < 0) {
    throw new IndexError(
      `${name}: indices for ${named(entries)} dimensions, but ${shapeText(x.shape)} has ${x.shape.length}`,
    )
  }
  const at = dots < 0 ? entries.length : dots
  const whole = Array.from({ length: open }, (): Range => ({}))
  return [...entries.slice(0, at), ...whole, ...entries.slice(at + 1)] as Entry[]
}

function dimensionsOf(entry: Entry | '...'): number {
  if (entry === null || entry === '...') return 0
  return entry instanceof Tensor && entry.dtype === 'bool' ? entry.shape.length : 1
}

function entryOf(name: string, index: unknown): Entry {
  if (index === null || typeof index === 'number') return index
  if (index instanceof Tensor) return checked(name, index)
  if (Array.isArray(index) || ArrayBuffer.isView(index)) return checked(name, rowsFrom(name, index as IndexArray))
  if (typeof index === 'object' && index !== undefined) {
    for (const key in index) {
      if (!['start', 'end', 'step'].includes(key)) {
        throw new ArgumentError(`${name}: unknown key '${key}' of a range; it takes { start, end, step }`)
      }
    }
    return index as Range
  }
  throw new ArgumentError(
    `${name}: an index is an integer, { start, end, step }, null, '...', an array or a tensor, got ${shown(index)}`,
  )
}

function rowsFrom(name: string, array: IndexArray): Tensor {
  const given = tensor(array as Parameters<typeof tensor>[0])
  if (given.dtype === 'bool') return given
  const { data } = tensor(array as Parameters<typeof tensor>[0], { dtype: 'float64' })
  const odd = data.find((i) => !Number.isInteger(i))
  if (odd !== undefined) throw new IndexError(`${name}: indices must be integers, got ${odd}`)
  return fromArray(Int32Array.from(data), given.shape, 'int32')
}

function checked(name: string, index: Tensor): Tensor {
  if (isFloating(index.dtype)) {
    throw new DTypeError(
      `${name}: an index tensor must be int32 or bool, got ${index.dtype}; convert it with to('int32')`,
    )
  }
  if (index.dtype === 'bool' && index.shape.length === 0)
    throw new ArgumentError(`${name}: a mask needs a dimension to choose from`)
  return index
}

/** Index arrays as they are; a mask as the coordinates of its true elements, one array per dimension. */
function rowsOf(name: string, x: Tensor, index: Tensor, d: number): Tensor[] {
  if (index.dtype !== 'bool') return [index]
  const { shape } = index
  if (!sameShape(shape, x.shape.slice(d, d + shape.length))) {
    throw new IndexError(
      `${name}: a mask ${shapeText(shape)} does not fit dim ${d} and following of ${shapeText(x.shape)}`,
    )
  }
  const mask = index.data
  const found: number[] = []
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) found.push(i)
  let inner = mask.length
  return shape.map((n) => {
    inner /= n || 1
    return fromArray(
      Int32Array.from(found, (i) => Math.floor(i / inner) % n),
      [found.length],
      'int32',
    )
  })
}
