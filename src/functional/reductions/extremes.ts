/** The largest and the smallest element, with their places where a dimension is given. */
import { checkOptions } from '../../errors/index.ts'
import { amax, amin } from '../../ops/reduce/index.ts'
import { argmax, argmin, gather } from '../../ops/routine/index.ts'
import { reshape } from '../../ops/view/reshape.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { KeepdimOptions } from './options.ts'

export interface Picked {
  readonly values: Tensor
  /** int32: where along the dimension the values were. */
  readonly indices: Tensor
}

/**
 * Without dim the largest element, a scalar whose gradient ties share evenly; with dim the largest of every row and its
 * index, where the first of several gets all of it. NaN counts as the largest.
 * @throws ShapeError where there is no element to choose from.
 * @example max(tensor([[1, 5], [7, 2]]), 1).values // [5, 7]
 */
export function max(x: Tensor): Tensor
export function max(x: Tensor, dim: number, options?: KeepdimOptions): Picked
export function max(x: Tensor, dim?: number, options: KeepdimOptions = {}): Tensor | Picked {
  checkOptions('max', options, ['keepdim'])
  return dim === undefined ? amax(x, null, options) : pick(x, argmax(x, dim, { keepdim: true }), dim, options)
}

/**
 * Without dim the smallest element, a scalar whose gradient ties share evenly; with dim the smallest of every row and
 * its index, where the first of several gets all of it. NaN counts as the smallest.
 * @throws ShapeError where there is no element to choose from.
 * @example min(tensor([[1, 5], [7, 2]]), 1).indices // [0, 1]
 */
export function min(x: Tensor): Tensor
export function min(x: Tensor, dim: number, options?: KeepdimOptions): Picked
export function min(x: Tensor, dim?: number, options: KeepdimOptions = {}): Tensor | Picked {
  checkOptions('min', options, ['keepdim'])
  return dim === undefined ? amin(x, null, options) : pick(x, argmin(x, dim, { keepdim: true }), dim, options)
}

function pick(x: Tensor, index: Tensor, dim: number, { keepdim = false }: KeepdimOptions): Picked {
  const values = gather(x, dim, index)
  if (keepdim || x.shape.length === 0) return { values, indices: index }
  const axis = dim < 0 ? dim + x.shape.length : dim
  const shape = x.shape.filter((_, d) => d !== axis)
  return { values: reshape(values, shape), indices: reshape(index, shape) }
}
