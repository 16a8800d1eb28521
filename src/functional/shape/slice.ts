/** Parts of a tensor along one dimension: ranges, single indices, reversal. All of these are views. */
import { ArgumentError, IndexError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { clone } from '../../ops/elementwise/clone.ts'
import { normalizeAxes } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/index.ts'
import { ranges, slice as take } from '../../ops/view/slice.ts'
import type { Tensor } from '../../tensor/index.ts'
import { axisOf, requireInteger, requireTensor } from './operand.ts'

/** Python's start:end:step; each may be left out, negative ends count from the end, a negative step walks backwards. */
export interface Range {
  readonly start?: number | null
  readonly end?: number | null
  readonly step?: number | null
}

/** A range within a dimension of `size`, as its first index, its step and the number of its elements. */
export function resolveRange(name: string, range: Range, size: number): { start: number; step: number; size: number } {
  const step = range.step ?? 1
  for (const key of ['start', 'end', 'step'] as const) if (range[key] != null) requireInteger(name, key, range[key])
  if (step === 0) throw new ArgumentError(`${name}: step must not be 0`)
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1]
  const clamp = (i: number) => Math.min(high, Math.max(low, i < 0 ? i + size : i))
  const start = range.start == null ? (step > 0 ? low : high) : clamp(range.start)
  const end = range.end == null ? (step > 0 ? high : low) : clamp(range.end)
  const count = Math.max(0, Math.ceil((end - start) / step))
  return { start: count === 0 ? 0 : start, step, size: count }
}

/** An index from either end as one from 0. */
export function resolveIndex(name: string, index: number, dim: number, size: number): number {
  if (!Number.isInteger(index))
    throw new IndexError(`${name}: indices must be integers, got ${shown(index)} for dim ${dim}`)
  if (index < -size || index >= size)
    throw new IndexError(`${name}: index ${index} is out of range for dim ${dim} of size ${size}`)
  return index < 0 ? index + size : index
}

/**
 * Elements start, start + step, ... before end of one dimension, as in Python: x[start:end:step].
 * @throws ArgumentError where a number is no integer or step is 0; ends beyond the dimension are cut off.
 * @example slice(tensor([0, 1, 2, 3, 4]), 0, 1, 5, 2) // [1, 3]
 */
export function slice(x: Tensor, dim: number, start?: number | null, end?: number | null, step: number = 1): Tensor {
  const axis = axisOf('slice', x, dim)
  return take(x, ranges(x, { [axis]: resolveRange('slice', { start, end, step }, x.shape[axis]) }))
}

/**
 * `length` elements of one dimension from `start` on.
 * @throws IndexError where they do not all exist.
 * @example narrow(tensor([0, 1, 2, 3]), 0, 1, 2) // [1, 2]
 */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const axis = axisOf('narrow', x, dim)
  const size = x.shape[axis]
  requireInteger('narrow', 'start', start)
  requireInteger('narrow', 'length', length)
  const first = start < 0 ? start + size : start
  if (first < 0 || length < 0 || first + length > size) {
    throw new IndexError(`narrow: start ${start} and length ${length} do not fit into dim ${dim} of size ${size}`)
  }
  return take(x, ranges(x, { [axis]: { start: first, step: 1, size: length } }))
}

/**
 * One index of a dimension, which goes away; negative indices count from the end.
 * @throws IndexError where there is no such index.
 * @example select(tensor([[1, 2], [3, 4]]), 1, 0) // [1, 3]
 */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const axis = axisOf('select', x, dim)
  const start = resolveIndex('select', index, dim, x.shape[axis])
  return reshape(
    take(x, ranges(x, { [axis]: { start, step: 1, size: 1 } })),
    x.shape.filter((_, d) => d !== axis),
  )
}

/**
 * Some dimensions in reverse order, copied; all of them unless given.
 * @throws ArgumentError where a dimension is named twice.
 * @example flip(tensor([1, 2, 3]), [0]) // [3, 2, 1]
 */
export function flip(x: Tensor, ...dims: (number | readonly number[])[]): Tensor {
  requireTensor('flip', x)
  const axes = normalizeAxes('flip', dims.length === 0 ? undefined : (dims as number[]).flat(), x.shape.length)
  const reversed = axes.map((d) => [d, { start: Math.max(0, x.shape[d] - 1), step: -1, size: x.shape[d] }])
  return clone(take(x, ranges(x, Object.fromEntries(reversed))))
}
