/** Triangles of matrices: the rest is replaced by 0, never multiplied by it, so that infinities there do no harm. */
import { ShapeError } from '../../errors/index.ts'
import { logicalAnd, where } from '../../ops/elementwise/index.ts'
import { shapeText } from '../../ops/shape.ts'
import { composite, fromArray, type Tensor } from '../../tensor/index.ts'
import { requireInteger, requireTensor } from './operand.ts'

/**
 * The lower triangle of each matrix [..., n, m]: elements (i, j) with j - i <= k, zeros elsewhere.
 * @throws ShapeError where x has fewer than two dimensions.
 * @example tril(tensor([[1, 2], [3, 4]])) // [[1, 0], [3, 4]]
 */
export const tril = composite(
  'tril',
  (x: Tensor, k: number = 0): Tensor => triangle('tril', x, k, (above) => above <= k),
)

/**
 * The upper triangle of each matrix [..., n, m]: elements (i, j) with j - i >= k, zeros elsewhere.
 * @throws ShapeError where x has fewer than two dimensions.
 * @example triu(tensor([[1, 2], [3, 4]])) // [[1, 2], [0, 4]]
 */
export const triu = composite(
  'triu',
  (x: Tensor, k: number = 0): Tensor => triangle('triu', x, k, (above) => above >= k),
)

function triangle(name: string, x: Tensor, k: number, keep: (above: number) => boolean): Tensor {
  requireTensor(name, x)
  requireInteger(name, 'k', k)
  if (x.shape.length < 2) throw new ShapeError(`${name}: takes matrices, got ${shapeText(x.shape)}`)
  const [n, m] = x.shape.slice(-2)
  const mask = Uint8Array.from({ length: n * m }, (_, i) => Number(keep((i % m) - Math.floor(i / m))))
  const kept = fromArray(mask, [n, m], 'bool')
  return x.dtype === 'bool' ? logicalAnd(kept, x) : where(kept, x, 0)
}
