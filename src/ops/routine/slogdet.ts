/** The determinant as sign and logarithm, for matrices whose determinant overflows. */
import { mul } from '../elementwise/mul.ts'
import { applyAll, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { sum } from '../reduce/sum.ts'
import type { Dense, Value } from '../value.ts'
import { reshape } from '../view/reshape.ts'
import { inverse } from './inverse.ts'
import { factorize } from './lu.ts'
import { perMatrix, requireSquare, transposed } from './matrix.ts'

export interface SignedLog<V> {
  readonly sign: V
  readonly logabsdet: V
}

/**
 * The sign of det A and log |det A| of every matrix [..., n, n]; sign 0 and -Infinity for a singular matrix. The
 * gradient of the logarithm is A⁻ᵀ, so that differentiating at a singular matrix raises an error; nothing flows back
 * through the sign.
 * @throws ShapeError where the matrices are not square, DTypeError for integers.
 * @example slogdet(tensor([[0, 1], [2, 0]])).sign // -1
 */
export const slogdet: RoutineDefinition & (<V extends Value>(x: V) => SignedLog<V>) = routine(
  {
    name: 'slogdet',
    reads: [0],
    infer: ([x]) => {
      const { shape, dtype } = requireSquare('slogdet', x)
      const spec = { shape: shape.slice(0, -2), dtype }
      return [spec, spec]
    },
    kernel: ([x]) => slogdetKernel(x),
    vjp: ({ inputs: [x] }, [, g], [wanted]) => [
      wanted && g ? mul(reshape(g, [...g.shape, 1, 1]), transposed(inverse(x as Value))) : null,
    ],
    jvp: ({ inputs: [x] }, [t]) => [null, t && sum(mul(t, transposed(inverse(x as Value))), [-2, -1])],
    batch: ({ inputs, attrs }) => ({ op: slogdet as Op, inputs, attrs }),
  },
  <V extends Value>(x: V): SignedLog<V> => {
    const [sign, logabsdet] = applyAll<V>(slogdet as Op, [x], {})
    return { sign, logabsdet }
  },
)

function slogdetKernel(x: Dense): Dense[] {
  const both = perMatrix(x, [...x.shape.slice(0, -2), 2], (a, to, n) => {
    const { lu, sign } = factorize(a, n)
    to[0] = sign
    for (let i = 0; i < n; i++) {
      to[0] *= Math.sign(lu[i * n + i])
      to[1] += Math.log(Math.abs(lu[i * n + i]))
    }
  })
  return [0, 1].map((k) => ({ ...both, shape: x.shape.slice(0, -2), data: both.data.filter((_, i) => i % 2 === k) }))
}
