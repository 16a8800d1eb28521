/** The determinant. Its derivative is the cofactor matrix, which exists at singular matrices too. */
import { mul } from '../elementwise/mul.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { sum } from '../reduce/sum.ts'
import type { Value } from '../value.ts'
import { reshape } from '../view/reshape.ts'
import { cofactor } from './cofactor.ts'
import { factorize } from './lu.ts'
import { perMatrix, requireSquare } from './matrix.ts'

/**
 * det A of every matrix [..., n, n]. The gradient is the cofactor matrix, right at singular matrices; so are higher
 * derivatives for n up to 8, while larger matrices must be invertible for them.
 * @throws ShapeError where the matrices are not square, DTypeError for integers.
 * @example det(tensor([[1, 2], [3, 4]])) // -2
 */
export const det: RoutineDefinition & (<V extends Value>(x: V) => V) = routine(
  {
    name: 'det',
    reads: [0],
    infer: ([x]) => {
      const { shape, dtype } = requireSquare('det', x)
      return [{ shape: shape.slice(0, -2), dtype }]
    },
    kernel: ([x]) => [
      perMatrix(x, x.shape.slice(0, -2), (a, to, n) => {
        const { lu, sign } = factorize(a, n)
        to[0] = sign
        for (let i = 0; i < n; i++) to[0] *= lu[i * n + i]
      }),
    ],
    vjp: ({ inputs: [x] }, [g], [wanted]) => [
      wanted && g ? mul(reshape(g, [...g.shape, 1, 1]), cofactor(x as Value)) : null,
    ],
    jvp: ({ inputs: [x] }, [t]) => [t && sum(mul(t, cofactor(x as Value)), [-2, -1])],
    batch: ({ inputs, attrs }) => ({ op: det as Op, inputs, attrs }),
  },
  <V extends Value>(x: V): V => apply(det as Op, [x], {}),
)
