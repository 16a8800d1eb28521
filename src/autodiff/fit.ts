/** Rules return derivatives in the shape in which operands met; here they take the shape and dtype of what they belong to. */
import { castTo } from '../ops/elementwise/castTo.ts'
import { sameShape } from '../ops/shape.ts'
import { expand, sumTo } from '../ops/view/expand.ts'
import type { Tensor } from '../tensor/index.ts'

/** A cotangent is summed over the dimensions along which its tensor was broadcast. */
export function fitCotangent(g: Tensor, x: Tensor): Tensor {
  const summed = sameShape(g.shape, x.shape) ? g : sumTo(g, x.shape)
  return summed.dtype === x.dtype ? summed : castTo(summed, x.dtype)
}

/** A tangent is repeated along the dimensions in which its result is larger. */
export function fitTangent(t: Tensor, y: Tensor): Tensor {
  const spread = sameShape(t.shape, y.shape) ? t : expand(t, y.shape)
  return spread.dtype === y.dtype ? spread : castTo(spread, y.dtype)
}
