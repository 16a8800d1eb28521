/** The largest and the smallest element, with their places where a dimension is given. */
import { checkOptions, ShapeError } from '../../errors/index.ts'
import { flag } from '../../ops/arguments.ts'
import { amax, amin } from '../../ops/reduce/index.ts'
import { argmax, argmin, gather } from '../../ops/routine/index.ts'
import { normalizeAxis, shapeText } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/reshape.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'
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
  const axis = chosen('max', x, dim, options)
  return axis === null ? amax(x, null, options) : pick(x, argmax(x, axis, { keepdim: true }), axis, options)
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
  const axis = chosen('min', x, dim, options)
  return axis === null ? amin(x, null, options) : pick(x, argmin(x, axis, { keepdim: true }), axis, options)
}

/** The dimension from 0, or null for all of them; there must be something in it to choose from. */
function chosen(name: string, x: Tensor, dim: number | null | undefined, options: KeepdimOptions): number | null {
  requireTensor(name, x)
  checkOptions(name, options, ['keepdim'])
  flag(name, 'keepdim', options.keepdim)
  const axis = dim === undefined || dim === null ? null : normalizeAxis(name, dim, x.shape.length)
  if (axis === null ? x.size === 0 : x.shape[axis] === 0) {
    const along = axis === null ? '' : ` along dim ${dim}`
    throw new ShapeError(`${name}: there is nothing to choose from in ${shapeText(x.shape)}${along}`)
  }
  return axis
}

function pick(x: Tensor, index: Tensor, axis: number, { keepdim = false }: KeepdimOptions): Picked {
  const values = gather(x, axis, index)
  if (keepdim || x.shape.length === 0) return { values, indices: index }
  const shape = x.shape.filter((_, d) => d !== axis)
  return { values: reshape(values, shape), indices: reshape(index, shape) }
}
