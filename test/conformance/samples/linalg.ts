/** Routines of linear algebra, against cofactors. */
import { add, mul } from '../../../src/ops/elementwise/index.ts'
import { contraction } from '../../../src/ops/kinds/contract.ts'
import * as routine from '../../../src/ops/routine/index.ts'
import { eye, type Tensor, tensor } from '../../../src/tensor/index.ts'
import {
  choleskyOf,
  cofactors,
  determinant,
  entries,
  type Get,
  inverseOf,
  type Matrix,
  matrix,
  table,
  times,
} from '../reference.ts'
import { type Sample, sample } from './sample.ts'

/** [3, 3] with a safe distance from singular: random numbers around twice the identity. */
const regular = (x: Tensor): Tensor => add(x, mul(eye(3, { dtype: x.dtype }), 6))
const regularAt = (x: Get): Matrix => matrix(3, 3, (i, j) => x(i, j) + (i === j ? 6 : 0))
/** A Aᵀ of a regular A: symmetric and positive definite whatever element of A moves. */
const definite = (x: Tensor): Tensor => contraction(regular(x), regular(x), 'ij,kj->ik')
const definiteAt = (x: Get): Matrix =>
  times(
    regularAt(x),
    matrix(3, 3, (i, j) => regularAt(x)[j][i]),
  )
const lower = (a: Matrix): Matrix => matrix(3, 3, (i, j) => (j <= i ? a[i][j] : 0))

export const linalg: Record<string, Sample[]> = {
  cholesky: [
    sample(
      [[3, 3]],
      (x) => routine.cholesky(definite(x)),
      (x) => entries(choleskyOf(definiteAt(x))),
    ),
  ],
  cofactor: [
    sample(
      [[3, 3]],
      (x) => routine.cofactor(x),
      (x) => entries(cofactors(matrix(3, 3, x))),
    ),
    sample(
      [[2, 2, 2]],
      (x) => routine.cofactor(x),
      (x) => table([2, 2, 2], (b, i, j) => cofactors(matrix(2, 2, (k, l) => x(b, k, l)))[i][j]),
    ),
  ],
  det: [
    sample(
      [[3, 3]],
      (x) => routine.det(x),
      (x) => table([], () => determinant(matrix(3, 3, x))),
    ),
    sample(
      [
        tensor(
          [
            [1, 2],
            [2, 4],
          ],
          { dtype: 'float64' },
        ),
      ],
      (x) => routine.det(x),
      () => table([], () => 0),
    ),
    sample(
      [[2, 4, 4]],
      (x) => routine.det(x),
      (x) => table([2], (b) => determinant(matrix(4, 4, (i, j) => x(b, i, j)))),
    ),
  ],
  inverse: [
    sample(
      [[3, 3]],
      (x) => routine.inverse(regular(x)),
      (x) => entries(inverseOf(regularAt(x))),
    ),
    sample(
      [[2, 3, 3]],
      (x) => routine.inverse(regular(x)),
      (x) => table([2, 3, 3], (b, i, j) => inverseOf(regularAt((k, l) => x(b, k, l)))[i][j]),
    ),
  ],
  lowerTriangle: [
    sample(
      [[3, 4]],
      (x) => routine.lowerTriangle(x, 2),
      (x) => table([3, 4], (i, j) => (j < i ? x(i, j) : j === i ? 2 * x(i, j) : 0)),
    ),
    sample(
      [[2, 3, 3]],
      (x) => routine.lowerTriangle(x),
      (x) => table([2, 3, 3], (b, i, j) => (j <= i ? x(b, i, j) : 0)),
    ),
  ],
  slogdet: [
    sample(
      [[3, 3]],
      (x) => routine.slogdet(regular(x)),
      (x) => [
        table([], () => Math.sign(determinant(regularAt(x)))),
        table([], () => Math.log(Math.abs(determinant(regularAt(x))))),
      ],
    ),
  ],
  solve: [
    sample(
      [
        [3, 3],
        [3, 2],
      ],
      (a, b) => routine.solve(regular(a), b),
      (a, b) => entries(times(inverseOf(regularAt(a)), matrix(3, 2, b))),
    ),
    sample(
      [
        [2, 3, 3],
        [2, 3, 1],
      ],
      (a, b) => routine.solve(regular(a), b),
      (a, b) =>
        table(
          [2, 3, 1],
          (n, i) =>
            times(
              inverseOf(regularAt((k, l) => a(n, k, l))),
              matrix(3, 1, (k, l) => b(n, k, l)),
            )[i][0],
        ),
    ),
  ],
  solveTriangular: [
    sample(
      [
        [3, 3],
        [3, 2],
      ],
      (l, b) => routine.solveTriangular(regular(l), b),
      (l, b) => entries(times(inverseOf(lower(regularAt(l))), matrix(3, 2, b))),
    ),
    sample(
      [
        [3, 3],
        [3, 1],
      ],
      (l, b) => routine.solveTriangular(regular(l), b, true),
      (l, b) => {
        const inv = inverseOf(lower(regularAt(l)))
        return entries(
          times(
            matrix(3, 3, (i, j) => inv[j][i]),
            matrix(3, 1, b),
          ),
        )
      },
    ),
  ],
}
