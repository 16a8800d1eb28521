/** Sorted rows: the order is an op, the values are gathered by it, so that the gradient goes where they came from. */
import { ArgumentError, checkOptions } from '../../errors/index.ts'
import { argsort, gather } from '../../ops/routine/index.ts'
import { normalizeAxis, shapeText } from '../../ops/shape.ts'
import { ranges, slice } from '../../ops/view/slice.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { Picked } from './extremes.ts'

export interface SortOptions {
  /** The largest first. */
  readonly descending?: boolean
}

/**
 * x sorted along dim, and the index each value had; equal elements keep their order, NaN counts as the largest.
 * @example sort(tensor([3, 1, 2])).values // [1, 2, 3]
 */
export function sort(x: Tensor, dim = -1, options: SortOptions = {}): Picked {
  checkOptions('sort', options, ['descending'])
  const indices = argsort(x, dim, options.descending ?? false)
  return { values: gather(x, dim, indices), indices }
}

export interface TopkOptions {
  /** False for the k smallest. */
  readonly largest?: boolean
  /** The results come sorted in any case; without it PyTorch leaves their order open. */
  readonly sorted?: boolean
}

/**
 * The k largest elements along dim, the largest first, and their indices; of equal ones the first. NaN counts as the
 * largest.
 * @throws ArgumentError where dim has fewer than k elements.
 * @example topk(tensor([1, 4, 3]), 2).values // [4, 3]
 */
export function topk(x: Tensor, k: number, dim = -1, options: TopkOptions = {}): Picked {
  checkOptions('topk', options, ['largest', 'sorted'])
  const axis = normalizeAxis('topk', dim, x.shape.length)
  const size = x.shape[axis] ?? 1
  if (!Number.isInteger(k) || k < 0 || k > size) {
    throw new ArgumentError(
      `topk: k must be an integer from 0 to ${size} for dim ${dim} of ${shapeText(x.shape)}, got ${k}`,
    )
  }
  const order = argsort(x, dim, options.largest ?? true)
  const indices = slice(order, ranges(order, { [axis]: { start: 0, step: 1, size: k } }))
  return { values: gather(x, dim, indices), indices }
}
