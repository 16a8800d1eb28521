/** Elements chosen by a mask, or one by one along a dimension. */
import { ArgumentError, DTypeError, ShapeError } from '../../errors/index.ts'
import { isFloating } from '../../ops/dtype.ts'
import { toBool, where } from '../../ops/elementwise/index.ts'
import { gather } from '../../ops/routine/gather.ts'
import { broadcastShapes, normalizeAxis, shapeText } from '../../ops/shape.ts'
import { expand, reshape } from '../../ops/view/index.ts'
import { composite, Tensor, type TensorData, tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'

/**
 * value where the mask is true, else x: `where(mask, value, x)` in the dtype of x.
 * @param mask bool, a tensor or nested arrays; x, mask and value are broadcast against each other.
 * @throws DTypeError where the mask is not bool, or the value is a fraction and x holds integers.
 * @example maskedFill(tensor([1, 2, 3]), [true, false, true], 0) // [0, 2, 0]
 */
export const maskedFill = composite(
  'maskedFill',
  (x: Tensor, mask: Tensor | TensorData, value: Tensor | number): Tensor => {
    requireTensor('maskedFill', x)
    const chosen = mask instanceof Tensor ? mask : tensor(mask)
    if (chosen.dtype !== 'bool') {
      throw new DTypeError(
        `maskedFill: the mask must be bool, got ${chosen.dtype}; compare, as in x.gt(0), or use to('bool')`,
      )
    }
    if (typeof value !== 'number') requireTensor('maskedFill', value, 'the value (a number or a scalar)')
    const whole = typeof value === 'number' ? Number.isInteger(value) : !isFloating(value.dtype)
    if (!whole && !isFloating(x.dtype)) {
      throw new DTypeError(
        `maskedFill: ${typeof value === 'number' ? value : value.dtype} does not fit into a tensor of ${x.dtype}`,
      )
    }
    broadcastShapes('maskedFill', [x.shape, chosen.shape, typeof value === 'number' ? [] : value.shape])
    const filled = where<Tensor>(chosen, value, x)
    return x.dtype === 'bool' && filled.dtype !== 'bool' ? toBool(filled) : filled
  },
)

/**
 * As `gather`, with x and index broadcast against each other except along dim; without dim both are flattened. What
 * argsort and argmax return is such an index.
 * @throws ShapeError where the shapes do not fit, IndexError where an index is negative or too large.
 * @example takeAlongDim(tensor([[3, 1], [2, 4]]), tensor([[1, 0]], { dtype: 'int32' }), 1) // [[1, 3], [4, 2]]
 */
export const takeAlongDim = composite('takeAlongDim', (x: Tensor, index: Tensor, dim?: number | null): Tensor => {
  requireTensor('takeAlongDim', x)
  requireTensor('takeAlongDim', index, 'the index')
  if (dim === undefined || dim === null) return gather(reshape(x, [x.size]), 0, reshape(index, [index.size]))
  const rank = x.shape.length
  if (index.shape.length !== rank) {
    throw new ShapeError(
      `takeAlongDim: ${shapeText(x.shape)} and the index ${shapeText(index.shape)} must have as many dimensions`,
    )
  }
  if (rank === 0) throw new ArgumentError('takeAlongDim: a scalar has no dimension; leave dim out')
  const axis = normalizeAxis('takeAlongDim', dim, rank)
  const except = (t: Tensor, size: number) => t.shape.map((n, d) => (d === axis ? size : n))
  const common = broadcastShapes('takeAlongDim', [except(x, 1), except(index, 1)])
  const to = (t: Tensor) =>
    expand(
      t,
      common.map((n, d) => (d === axis ? t.shape[d] : n)),
    )
  return gather(to(x), axis, to(index))
})
