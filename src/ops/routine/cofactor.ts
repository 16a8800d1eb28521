/**
 * The cofactor matrix C = ∂det A/∂A = det(A) A⁻ᵀ, which needs no inverse. Elimination with the largest pivot of all
 * that is left gives P A Q = L U, and cofactors multiply like matrices: cof(P A Q) = cof(L) cof(U), where cof(L) = L⁻ᵀ
 * and cof(U) can be written without dividing by the last pivot, the only one that vanishes at rank n - 1.
 */
import { mul } from '../elementwise/mul.ts'
import { neg } from '../elementwise/neg.ts'
import { sub } from '../elementwise/sub.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { sum } from '../reduce/sum.ts'
import type { Value } from '../value.ts'
import { ranges, slice } from '../view/slice.ts'
import { windows } from '../view/windows.ts'
import { cat } from './cat.ts'
import { inverse } from './inverse.ts'
import { eliminate, subtractRow, swapRows } from './lu.ts'
import { perMatrix, product, requireSquare, sameSpec, transposed } from './matrix.ts'

/** Up to this size derivatives are taken by minors, n² matrices per matrix, and hold at singular matrices too. */
const LARGEST_EXPANDED = 8

/**
 * The matrix of cofactors of every matrix [..., n, n]: the gradient of det. Derivatives of it for n > 8 take the
 * inverse and raise an error at a singular matrix.
 * @example cofactor(tensor([[1, 2], [2, 4]])) // [[4, -2], [-2, 1]]
 */
export const cofactor: RoutineDefinition & (<V extends Value>(x: V) => V) = routine(
  {
    name: 'cofactor',
    infer: ([x]) => [sameSpec(requireSquare('cofactor', x))],
    kernel: ([x]) => [perMatrix(x, x.shape, cofactors)],
    // The Jacobian of a gradient is a Hessian: it is symmetric, so that both modes have the same rule.
    vjp: ({ inputs, outputs }, [g], [wanted]) => [wanted && g ? derivative(inputs[0] as Value, outputs[0], g) : null],
    jvp: ({ inputs, outputs }, [t]) => [t && derivative(inputs[0] as Value, outputs[0], t)],
    batch: ({ inputs, attrs }) => ({ op: cofactor as Op, inputs, attrs }),
  },
  <V extends Value>(x: V): V => apply(cofactor as Op, [x], {}),
)

/** Cᵢⱼ is the determinant of its minor Mᵢⱼ: dCᵢⱼ = <cof Mᵢⱼ, dMᵢⱼ>. Otherwise d(det(A) A⁻ᵀ) = <C, dA> A⁻ᵀ - C dAᵀ A⁻ᵀ. */
function derivative(x: Value, c: Value, t: Value): Value | null {
  const n = x.shape.at(-1)!
  if (n < 2) return null
  if (n <= LARGEST_EXPANDED) return sum(mul(cofactor(minors(x)), minors(t)), [-2, -1])
  const inv = inverse(x)
  const along = mul(sum(mul(c, t), [-2, -1], { keepdim: true }), transposed(inv))
  return sub(along, product(product(c, t, 'ij,kj->ik'), inv, 'ik,lk->il'))
}

/**
 * Minor (i, j) of every matrix, with the sign of its cofactor: [..., n, n] becomes [..., n, n, n - 1, n - 1]. It is a
 * window on the matrix repeated periodically, from (i + 1, j + 1) on: against the minor, i rows and j columns have
 * moved past n - 2 others, which is the sign (-1)^(i + j) for an odd n. For an even n the repetition is negated.
 */
function minors(x: Value): Value {
  const [rank, n] = [x.shape.length, x.shape.at(-1)!]
  const repeated = [rank - 2, rank - 1].reduce((a, dim) => {
    const part = (start: number) => slice(a, ranges(a, { [dim]: { start, step: 1, size: n - 1 } }))
    return cat([part(1), n % 2 === 0 ? neg(part(0)) : part(0)], dim)
  }, x)
  return windows(repeated, { kernel: [n - 1, n - 1], stride: [1, 1], dilation: [1, 1] })
}

function cofactors(a: Float64Array, to: Float64Array, n: number): void {
  const { rows, columns, sign } = eliminateFully(a, n)
  const k = cofactorsOfTriangle(a, n)
  if (!k) return
  for (let i = n - 1; i >= 0; i--) for (let j = i + 1; j < n; j++) subtractRow(k, n, i, j, a[j * n + i])
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) to[rows[i] * n + columns[j]] = sign * k[i * n + j]
}

/** P A Q = L U in place, for the permutations P by `rows` and Q by `columns`. */
function eliminateFully(a: Float64Array, n: number) {
  const [rows, columns] = [0, 0].map(() => Array.from({ length: n }, (_, i) => i))
  let sign = 1
  for (let k = 0; k < n; k++) {
    let best = k * n + k
    for (let i = k; i < n; i++) {
      for (let j = k; j < n; j++) if (Math.abs(a[i * n + j]) > Math.abs(a[best])) best = i * n + j
    }
    const [row, column] = [Math.floor(best / n), best % n]
    if (row !== k) swapRows(a, n, k, row)
    for (let i = 0; i < n; i++) [a[i * n + k], a[i * n + column]] = [a[i * n + column], a[i * n + k]]
    ;[rows[k], rows[row]] = [rows[row], rows[k]]
    ;[columns[k], columns[column]] = [columns[column], columns[k]]
    if ((row !== k) !== (column !== k)) sign = -sign
    if (a[k * n + k] !== 0) eliminate(a, n, k, a[k * n + k])
  }
  return { rows, columns, sign }
}

/**
 * For U = [[V, u], [0, w]] and d = det V, cof(U)ᵀ = [[w d V⁻¹, -d V⁻¹ u], [0, d]]; null for all zeros, where V has a
 * zero pivot and, by the choice of pivots, no more can follow.
 */
function cofactorsOfTriangle(a: Float64Array, n: number): Float64Array | null {
  const m = n - 1
  const y = new Float64Array(m * n)
  let d = 1
  for (let i = 0; i < m; i++) {
    if (a[i * n + i] === 0) return null
    d *= a[i * n + i]
    y[i * n + i] = 1
    y[i * n + m] = -a[i * n + m]
  }
  for (let i = m - 1; i >= 0; i--) {
    for (let k = i + 1; k < m; k++) subtractRow(y, n, i, k, a[i * n + k])
    for (let c = 0; c < n; c++) y[i * n + c] /= a[i * n + i]
  }
  const out = new Float64Array(n * n)
  const w = n > 0 ? a[n * n - 1] : 1
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) out[j * n + i] = y[i * n + j] * d * (j < m ? w : 1)
  if (n > 0) out[n * n - 1] = d
  return out
}
