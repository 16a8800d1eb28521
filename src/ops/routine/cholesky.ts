/** The Cholesky factor: A = L Lᵀ with L lower triangular. */
import { add } from '../elementwise/add.ts'
import { mul } from '../elementwise/mul.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import type { Value } from '../value.ts'
import { lowerTriangle } from './lowerTriangle.ts'
import { failure, perMatrix, product, requireSquare, sameSpec, transposed } from './matrix.ts'
import { solveTriangular } from './solveTriangular.ts'

/**
 * L with L Lᵀ = A of every symmetric positive definite matrix [..., n, n]. Of a matrix that is not quite symmetric the
 * symmetric part (A + Aᵀ)/2 is taken, which is also what the gradient is symmetric by.
 * @throws ShapeError where the matrices are not square, DTypeError for integers, ArgumentError where one is not
 *   positive definite.
 * @example cholesky(tensor([[4, 2], [2, 5]])) // [[2, 0], [1, 2]]
 */
export const cholesky: RoutineDefinition & (<V extends Value>(x: V) => V) = routine(
  {
    name: 'cholesky',
    reads: [-1],
    infer: ([x]) => [sameSpec(requireSquare('cholesky', x))],
    kernel: ([x]) => [
      perMatrix(x, x.shape, (a, to, n, entry) => {
        const stopped = decompose(a, to, n)
        if (stopped < 0) return
        throw failure(
          'cholesky',
          x.shape,
          entry,
          `is not positive definite: its leading part of size ${stopped + 1} is not`,
        )
      }),
    ],
    // With S = L⁻¹ dA L⁻ᵀ and Φ the lower triangle with half the diagonal: dL = L Φ(S), Ā = sym(L⁻ᵀ Φ(Lᵀ L̄) L⁻¹)
    vjp: ({ outputs: [l] }, [g], [wanted]) => {
      if (!wanted || !g) return [null]
      const inner = solveTriangular(l, lowerTriangle(product(l, g, 'ji,jk->ik'), 0.5), true)
      return [symmetric(solveTriangular(l, transposed(inner), true))]
    },
    jvp: ({ outputs: [l] }, [t]) => {
      if (!t) return [null]
      const half = solveTriangular(l, transposed(solveTriangular(l, symmetric(t))))
      return [product(l, lowerTriangle(half, 0.5), 'ij,jk->ik')]
    },
    batch: ({ inputs, attrs }) => ({ op: cholesky as Op, inputs, attrs }),
  },
  <V extends Value>(x: V): V => apply(cholesky as Op, [x], {}),
)

const symmetric = (x: Value): Value => mul(add(x, transposed(x)), 0.5)

/** Column by column; returns the column at which it stops for want of a positive pivot, or -1. */
function decompose(a: Float64Array, l: Float64Array, n: number): number {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let rest = (a[i * n + j] + a[j * n + i]) / 2
      for (let k = 0; k < j; k++) rest -= l[i * n + k] * l[j * n + k]
      if (i > j) l[i * n + j] = rest / l[j * n + j]
      else if (rest > 0) l[j * n + j] = Math.sqrt(rest)
      else return j
    }
  }
  return -1
}
