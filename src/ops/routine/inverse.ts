/** The inverse of a matrix. */
import { neg } from '../elementwise/neg.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import type { Value } from '../value.ts'
import { factorize, substitute } from './lu.ts'
import { failure, perMatrix, product, requireSquare, sameSpec } from './matrix.ts'

/**
 * A⁻¹ of every matrix [..., n, n]. To solve A X = B, `solve` is faster and more accurate.
 * @throws ShapeError where the matrices are not square, DTypeError for integers, ArgumentError where one is singular.
 * @example inverse(tensor([[2, 0], [0, 4]])) // [[0.5, 0], [0, 0.25]]
 */
export const inverse: RoutineDefinition & (<V extends Value>(x: V) => V) = routine(
  {
    name: 'inverse',
    reads: [-1],
    infer: ([x]) => [sameSpec(requireSquare('inverse', x))],
    kernel: ([x]) => [
      perMatrix(x, x.shape, (a, to, n, entry) => {
        const factors = factorize(a, n)
        if (factors.singular) throw failure('inverse', x.shape, entry, 'is singular: it has no inverse')
        const identity = new Float64Array(n * n)
        for (let i = 0; i < n; i++) identity[i * n + i] = 1
        to.set(substitute(factors, n, identity, n))
      }),
    ],
    // d(A⁻¹) = -A⁻¹ dA A⁻¹
    vjp: ({ outputs: [y] }, [g], [wanted]) => [
      wanted && g ? neg(product(product(y, g, 'ji,jk->ik'), y, 'ik,lk->il')) : null,
    ],
    jvp: ({ outputs: [y] }, [t]) => [t && neg(product(product(y, t, 'ij,jk->ik'), y, 'ik,kl->il'))],
    batch: ({ inputs, attrs }) => ({ op: inverse as Op, inputs, attrs }),
  },
  <V extends Value>(x: V): V => apply(inverse as Op, [x], {}),
)
