/** Running products. */
import { runningProduct } from '../../ops/reduce/scan.ts'
import { normalizeAxis } from '../../ops/shape.ts'
import { permute } from '../../ops/view/permute.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'

/**
 * Element i becomes x[0] · ... · x[i] along dim. Derivatives of every order are right at zeros too.
 * @example cumprod(tensor([1, 2, 3]), 0) // [1, 2, 6]
 */
export const cumprod = composite('cumprod', (x: Tensor, dim: number): Tensor => {
  requireTensor('cumprod', x)
  const axis = normalizeAxis('cumprod', dim, x.shape.length)
  const rank = x.shape.length
  if (rank < 2 || axis === rank - 1) return runningProduct(x)
  const order = x.shape.map((_, d) => (d === axis ? rank - 1 : d === rank - 1 ? axis : d))
  return permute(runningProduct(permute(x, order)), order)
})
