/**
 * The cofactor matrix C = ∂det A/∂A = det(A) A⁻ᵀ, which needs no inverse. Elimination with the largest pivot of all
 * that is left gives P A Q = L U, and cofactors multiply like matrices: cof(P A Q) = cof(L) cof(U), where cof(L) = L⁻ᵀ
 * and cof(U) can be written without the last pivot, the only one that vanishes at rank n - 1. `minors.ts` has the
 * derivatives.
 */
import { add } from '../elementwise/add.ts'
import { mul } from '../elementwise/mul.ts'
import { sub } from '../elementwise/sub.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { sum } from '../reduce/sum.ts'
import type { Value } from '../value.ts'
import { reshape } from '../view/reshape.ts'
import { inverse } from './inverse.ts'
import { eliminate, subtractRow, swapRows } from './lu.ts'
import { perMatrix, product, requireSquare, sameSpec } from './matrix.ts'
import { minors, minorsTranspose } from './minors.ts'

/** Up to this size derivatives are taken by minors, n² matrices per matrix, and hold at singular matrices too. */
const LARGEST_EXPANDED = 8

/** The matrix of cofactors of every matrix [..., n, n]: the gradient of det. @example cofactor(tensor([[1, 2], [2, 4]])) // [[4, -2], [-2, 1]] */
export const cofactor: RoutineDefinition & (<V extends Value>(x: V) => V) = routine(
  {
    name: 'cofactor',
    reads: [-1, 0],
    infer: ([x]) => [sameSpec(requireSquare('cofactor', x))],
    kernel: ([x]) => [perMatrix(x, x.shape, cofactors)],
    vjp: ({ inputs, outputs }, [g], [wanted]) => [wanted && g ? pull(inputs[0] as Value, outputs[0], g) : null],
    jvp: ({ inputs, outputs }, [t]) => [t && push(inputs[0] as Value, outputs[0], t)],
    batch: ({ inputs, attrs }) => ({ op: cofactor as Op, inputs, attrs }),
  },
  <V extends Value>(x: V): V => apply(cofactor as Op, [x], {}),
)

const spread = (x: Value): Value => reshape(x, [...x.shape, 1, 1])
const trace = (x: Value, y: Value): Value => sum(mul(x, y), [-2, -1], { keepdim: true })

/** Cᵢⱼ is the determinant of the minor Mᵢⱼ, so dCᵢⱼ = <cof Mᵢⱼ, dMᵢⱼ>; else d(det(A) A⁻ᵀ) = <A⁻ᵀ, dA> C - C dAᵀ A⁻ᵀ. */
function push(x: Value, c: Value, t: Value): Value {
  if (x.shape.at(-1)! <= LARGEST_EXPANDED) return sum(mul(cofactor(minors(x)), minors(t)), [-2, -1])
  const inv = inverse(x)
  const turned = product(product(c, t, 'ij,kj->ik'), inv, 'ik,lk->il')
  return sub(mul(product2(inv, t), c), turned)
}

/** <A⁻ᵀ, dA> */
const product2 = (inv: Value, t: Value): Value => {
  const diagonalProduct = product(inv, t, 'ij,ji->i')
  return spread(sum(diagonalProduct, -1))
}

/** The transpose: dA = Mᵀ(gᵢⱼ cof Mᵢⱼ), or <g, C> A⁻ᵀ - C gᵀ A⁻ᵀ. */
function pull(x: Value, c: Value, g: Value): Value {
  if (x.shape.at(-1)! <= LARGEST_EXPANDED) return minorsTranspose(mul(spread(g), cofactor(minors(x))), x)
  const inv = inverse(x)
  const turned = product(product(c, g, 'ij,kj->ik'), inv, 'ik,lk->il')
  const scaled = mul(trace(g, c), transpose(inv))
  return sub(scaled, turned)
}
