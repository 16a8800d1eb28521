/** Vectors as diagonals and diagonals as vectors. */
import { ShapeError } from '../../errors/index.ts'
import { clone } from '../../ops/elementwise/index.ts'
import { put } from '../../ops/routine/take.ts'
import { shapeText } from '../../ops/shape.ts'
import { diagonal } from '../../ops/view/index.ts'
import { fromArray, type Tensor, zeros } from '../../tensor/index.ts'
import { requireInteger, requireTensor } from './operand.ts'

/**
 * Of a vector the square matrix with it on diagonal k and zeros elsewhere; of a matrix its diagonal k, copied. 0 is the
 * main diagonal, 1 the one above it, -1 the one below it. For batches and views see `diagonal`.
 * @throws ShapeError where x is neither a vector nor a matrix.
 * @example diag(tensor([1, 2])) // [[1, 0], [0, 2]]
 */
export function diag(x: Tensor, k: number = 0): Tensor {
  requireTensor('diag', x)
  requireInteger('diag', 'k', k)
  if (x.shape.length === 2) return clone(diagonal(x, { offset: k }))
  if (x.shape.length !== 1) {
    throw new ShapeError(`diag: takes a vector or a matrix, got ${shapeText(x.shape)}; use diagonal for batches`)
  }
  const n = x.size + Math.abs(k)
  const first = k > 0 ? k : -k * n
  const places = Int32Array.from({ length: x.size }, (_, i) => first + i * (n + 1))
  return put(zeros([n, n], { dtype: x.dtype }), fromArray(places, [x.size], 'int32'), x)
}
