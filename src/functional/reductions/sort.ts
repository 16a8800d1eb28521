/** Sorted rows: the order is an op, the values are gathered by it, so that the gradient goes where they came from. */
import { ArgumentError } from '../../errors/index.ts'
import { flag, shown } from '../../ops/arguments.ts'
import { argsort, firstIndices, type SortOptions, sortArguments } from '../../ops/routine/argsort.ts'
import { gather } from '../../ops/routine/gather.ts'
import { normalizeAxis, shapeText } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/reshape.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'
import type { Picked } from './extremes.ts'
import { dimAndOptions, type WithDim } from './options.ts'

export type { SortOptions }

/**
 * x sorted along dim, and the index each value had; equal elements keep their order, NaN counts as the largest.
 * @throws IndexError where there is no such dimension.
 * @example sort(tensor([3, 1, 2])).values // [1, 2, 3]
 */
export function sort(x: Tensor, dim: number | WithDim<SortOptions> = -1, options?: SortOptions): Picked {
  requireTensor('sort', x)
  const { axis, descending } = sortArguments('sort', x, dim, options)
  const indices = argsort(x, axis, descending)
  return { values: gather(x, axis, indices), indices }
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
export function topk(x: Tensor, k: number, dim: number | WithDim<TopkOptions> = -1, options?: TopkOptions): Picked {
  requireTensor('topk', x)
  const [given, chosen] = dimAndOptions<TopkOptions>('topk', dim, options, ['largest', 'sorted'])
  const axis = normalizeAxis('topk', (given as number | null | undefined) ?? -1, x.shape.length)
  const largest = flag('topk', 'largest', chosen.largest, true)
  flag('topk', 'sorted', chosen.sorted)
  const size = x.shape[axis] ?? 1
  if (!Number.isInteger(k) || k < 0 || k > size) {
    throw new ArgumentError(
      `topk: k must be an integer from 0 to ${size} for dim ${given ?? -1} of ${shapeText(x.shape)}, got ${shown(k)}`,
    )
  }
  const indices = firstIndices(x, axis, largest, k)
  const row = indices.shape.length > x.shape.length ? reshape(x, [1]) : x
  return { values: gather(row, axis, indices), indices }
}
