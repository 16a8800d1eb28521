/** The element in the middle of the order. */
import { checkOptions, ShapeError } from '../../errors/index.ts'
import { flag } from '../../ops/arguments.ts'
import { isFloating } from '../../ops/dtype.ts'
import { isnan, where } from '../../ops/elementwise/index.ts'
import { argsort, gather } from '../../ops/routine/index.ts'
import { normalizeAxis, shapeText } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/reshape.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'
import { narrow } from '../shape/slice.ts'
import type { Picked } from './extremes.ts'
import type { KeepdimOptions } from './options.ts'

/**
 * The median, of an even number of elements the lower of the two in the middle; NaN where there is one. Without dim that
 * of all elements, a scalar; with dim that of every row and its index. The gradient goes to the element it was taken from.
 * @throws ShapeError where there is no element to choose from.
 * @example median(tensor([4, 1, 3, 2])) // 2
 */
export function median(x: Tensor): Tensor
export function median(x: Tensor, dim: number, options?: KeepdimOptions): Picked
export function median(x: Tensor, dim?: number, options: KeepdimOptions = {}): Tensor | Picked {
  requireTensor('median', x)
  checkOptions('median', options, ['keepdim'])
  const keepdim = flag('median', 'keepdim', options.keepdim)
  const axis = dim === undefined || dim === null ? null : normalizeAxis('median', dim, x.shape.length)
  const whole = axis === null || x.shape.length === 0
  const rows = whole ? reshape(x, [x.size]) : x
  const along = axis ?? 0
  if (rows.shape[along] === 0) throw new ShapeError(`median: there is nothing to choose from in ${shapeText(x.shape)}`)
  const index = middle(rows, along)
  const shape = whole ? [] : x.shape.map((n, d) => (d === along ? 1 : n)).filter((_, d) => keepdim || d !== along)
  const values = reshape(gather(rows, along, index), shape)
  return axis === null ? values : { values, indices: reshape(index, shape) }
}

/** NaN comes last in the order, so that it is there that a row with one is found out. */
function middle(x: Tensor, axis: number): Tensor {
  const order = argsort(x, axis)
  const size = x.shape[axis]
  const lower = narrow(order, axis, (size - 1) >> 1, 1)
  if (!isFloating(x.dtype)) return lower
  const last = narrow(order, axis, size - 1, 1)
  return where(isnan(gather(x, axis, last)), last, lower)
}
