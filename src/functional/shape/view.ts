/** The same elements in the same order under another shape: reshapes that name what they do. */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { normalizeAxes, normalizeAxis, shapeText, sizeOf } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requireTensor } from './operand.ts'

/**
 * As `reshape`, but never a copy: the result always shares memory with x.
 * @throws ShapeError where the sizes do not fit, or where the layout of x would have to be copied.
 * @example view(tensor([1, 2, 3, 4]), [2, 2]) // [[1, 2], [3, 4]]
 */
export function view(x: Tensor, ...shape: (number | readonly number[])[]): Tensor {
  requireTensor('view', x)
  const seen = reshape(x, ...shape)
  if (seen.storage !== x.storage) {
    throw new ShapeError(
      `view: ${shapeText(x.shape)} with strides ${shapeText(x.strides)} cannot be seen as ${shapeText(seen.shape)} without a copy; use reshape`,
    )
  }
  return seen
}

/**
 * The dimensions from startDim to endDim (both included) merged into one; a scalar becomes a vector of one element.
 * @throws IndexError where there is no such dimension, ArgumentError where endDim comes before startDim.
 * @example flatten(tensor([[1, 2], [3, 4]])) // [1, 2, 3, 4]
 */
export function flatten(x: Tensor, startDim: number = 0, endDim: number = -1): Tensor {
  requireTensor('flatten', x)
  const { shape } = x
  const first = normalizeAxis('flatten', startDim, shape.length)
  const last = normalizeAxis('flatten', endDim, shape.length)
  if (last < first)
    throw new ArgumentError(`flatten: endDim ${endDim} comes before startDim ${startDim} in ${shapeText(shape)}`)
  return reshape(x, [...shape.slice(0, first), sizeOf(shape.slice(first, last + 1)), ...shape.slice(last + 1)])
}

/**
 * Without the dimensions of size 1: all of them, or those that `dim` names (named ones of another size stay).
 * @throws IndexError where there is no such dimension.
 * @example squeeze(tensor([[1, 2]])) // [1, 2]
 */
export function squeeze(x: Tensor, dim?: number | readonly number[]): Tensor {
  requireTensor('squeeze', x)
  const axes = normalizeAxes('squeeze', dim, x.shape.length)
  return reshape(
    x,
    x.shape.filter((n, d) => n !== 1 || !axes.includes(d)),
  )
}

/**
 * With a new dimension of size 1 at place `dim`, from -(ndim + 1) to ndim.
 * @throws IndexError where there is no such place.
 * @example unsqueeze(tensor([1, 2]), 1) // [[1], [2]]
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  requireTensor('unsqueeze', x)
  const at = normalizeAxis('unsqueeze', dim, x.shape.length + 1)
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)])
}
