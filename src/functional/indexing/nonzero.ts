/** Where elements are not 0, and the elements that a mask chooses. How many there are depends on the values. */
import { DTypeError } from '../../errors/index.ts'
import { broadcastShapes, contiguousStrides } from '../../ops/shape.ts'
import { fromArray, Tensor, type TensorData, tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'
import { broadcastTo } from '../shape/repeat.ts'
import { at } from './at.ts'

/**
 * The indices of all elements that are not 0, in row-major order: int32 [count, ndim], one row per element. NaN is not 0.
 * @throws GradError inside of vmap, where values cannot be read.
 * @example nonzero(tensor([[0, 5], [7, 0]])) // [[0, 1], [1, 0]]
 */
export function nonzero(x: Tensor): Tensor {
  requireTensor('nonzero', x)
  const { data, shape } = x
  const found: number[] = []
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) found.push(i)
  const strides = contiguousStrides(shape)
  const rank = shape.length
  const rows = new Int32Array(found.length * rank)
  found.forEach((place, k) => {
    for (let d = 0; d < rank; d++) rows[k * rank + d] = Math.floor(place / strides[d]) % shape[d]
  })
  return fromArray(rows, [found.length, rank], 'int32')
}

/**
 * The elements of x where the mask is true, in row-major order: [count].
 * @param mask bool, a tensor or nested arrays; x and mask are broadcast against each other.
 * @throws DTypeError where the mask is not bool, ShapeError where the shapes do not broadcast, GradError inside of vmap.
 * @example maskedSelect(tensor([1, 2, 3]), [true, false, true]) // [1, 3]
 */
export function maskedSelect(x: Tensor, mask: Tensor | TensorData): Tensor {
  requireTensor('maskedSelect', x)
  const chosen = mask instanceof Tensor ? mask : tensor(mask)
  if (chosen.dtype !== 'bool') {
    throw new DTypeError(
      `maskedSelect: the mask must be bool, got ${chosen.dtype}; compare, as in x.gt(0), or use to('bool')`,
    )
  }
  const shape = broadcastShapes('maskedSelect', [x.shape, chosen.shape])
  if (shape.length === 0) return at(broadcastTo(x, [1]), broadcastTo(chosen, [1]))
  return at(broadcastTo(x, shape), broadcastTo(chosen, shape))
}
