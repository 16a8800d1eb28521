/** The affine map of a layer. */
import { ShapeError } from '../../errors/index.ts'
import { linear as product } from '../../ops/contract/index.ts'
import { add } from '../../ops/elementwise/index.ts'
import { sameShape, shapeText } from '../../ops/shape.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'

/**
 * x Wᵀ + b for features in the last dimension: [..., in] with W [out, in] and b [out] gives [..., out]; W may be a
 * vector [in], b then a scalar, and the feature dimension goes away.
 * @throws ShapeError where the features do not fit the weight, or the bias its rows.
 * @example linear(tensor([1, 2]), tensor([[3, 4]]), tensor([1])) // [12]
 */
export const linear = composite('linear', (x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor => {
  requireTensor('linear', x)
  requireTensor('linear', weight, 'the weight')
  const wide = weight.shape.length === 2
  if (!wide && weight.shape.length !== 1)
    throw new ShapeError(`linear: the weight is [out, in], got ${shapeText(weight.shape)}`)
  if (x.shape.length === 0 || x.shape.at(-1) !== weight.shape.at(-1)) {
    const hint = wide && x.shape.at(-1) === weight.shape[0] ? '; it is stored [out, in]: did you mean weight.T?' : ''
    throw new ShapeError(
      `linear: features of ${shapeText(x.shape)} do not fit a weight ${shapeText(weight.shape)} that takes ${weight.shape.at(-1)}${hint}`,
    )
  }
  const rows = x.shape
    .slice(0, -1)
    .map((_, d) => String.fromCharCode(0x3b1 + d))
    .join('')
  const y = product(x, weight, `${rows}i,${wide ? 'oi' : 'i'}->${rows}${wide ? 'o' : ''}`)
  if (bias === undefined || bias === null) return y
  requireTensor('linear', bias, 'the bias')
  if (!sameShape(bias.shape, weight.shape.slice(0, -1))) {
    throw new ShapeError(
      `linear: the bias must be ${shapeText(weight.shape.slice(0, -1))} for a weight ${shapeText(weight.shape)}, got ${shapeText(bias.shape)}`,
    )
  }
  return add(y, bias)
})
