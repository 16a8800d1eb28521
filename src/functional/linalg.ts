/**
 * Linear algebra: matrices are the last two dimensions, all before them count through a batch. The decompositions are
 * ops; `solve` here brings its operands into the form that the op takes.
 */
import { ShapeError } from '../errors/index.ts'
import { sum } from '../ops/reduce/sum.ts'
import { solve as solveMatrices } from '../ops/routine/index.ts'
import { broadcastShapes, sameShape, shapeText } from '../ops/shape.ts'
import { diagonal } from '../ops/view/diagonal.ts'
import { expand } from '../ops/view/expand.ts'
import { reshape } from '../ops/view/reshape.ts'
import { composite, type Tensor } from '../tensor/index.ts'
import { requireTensor } from './shape/operand.ts'

export { cholesky, det, inverse, slogdet } from '../ops/routine/index.ts'

/**
 * The sum of the main diagonal of each matrix [..., n, m].
 * @throws ShapeError where x has fewer than two dimensions.
 * @example trace(tensor([[1, 2], [3, 4]])) // 5
 */
export const trace = composite('trace', (x: Tensor): Tensor => {
  requireTensor('trace', x)
  if (x.shape.length < 2) throw new ShapeError(`trace: takes matrices, got ${shapeText(x.shape)}`)
  return sum(diagonal(x, { dim1: -2, dim2: -1 }), -1)
})

/**
 * X with A X = B.
 * @param a square matrices [..., n, n].
 * @param b matrices [..., n, k], or vectors [..., n] where b has one dimension or is shaped like a without its last
 *   one; batch dimensions broadcast.
 * @throws ShapeError where the shapes do not fit, ArgumentError where a matrix is singular, DTypeError for integers.
 * @example solve(tensor([[2, 0], [0, 4]]), tensor([2, 2])) // [1, 0.5]
 */
export const solve = composite('solve', (a: Tensor, b: Tensor): Tensor => {
  requireTensor('solve', a, 'A')
  requireTensor('solve', b, 'B')
  const vector = b.shape.length === 1 || (a.shape.length > 1 && sameShape(b.shape, a.shape.slice(0, -1)))
  const columns = vector ? reshape(b, [...b.shape, 1]) : b
  if (a.shape.length < 2 || columns.shape.length < 2 || a.shape.at(-1) !== columns.shape.at(-2)) {
    throw new ShapeError(
      `solve: A X = B needs A [..., n, n] and B [..., n, k] or [n], got ${shapeText(a.shape)} and ${shapeText(b.shape)}`,
    )
  }
  const batch = broadcastShapes('solve', [a.shape.slice(0, -2), columns.shape.slice(0, -2)])
  const spread = (x: Tensor): Tensor => {
    const shape = [...batch, ...x.shape.slice(-2)]
    return sameShape(shape, x.shape) ? x : expand(x, shape)
  }
  const x = solveMatrices(spread(a), spread(columns))
  return vector ? reshape(x, x.shape.slice(0, -1)) : x
})
