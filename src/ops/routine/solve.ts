/** Systems of linear equations. The op takes batches of equal shape; `functional/linalg.ts` has the general form. */
import { ShapeError } from '../../errors/index.ts'
import { allocate, promote, requireFloating } from '../dtype.ts'
import { neg } from '../elementwise/neg.ts'
import { sub } from '../elementwise/sub.ts'
import { batchAll } from '../kinds/batching.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { sameShape, shapeText } from '../shape.ts'
import type { Dense, Operand, Spec, Value } from '../value.ts'
import { factorize, substitute } from './lu.ts'
import { failure, product, requireSquare, transposed } from './matrix.ts'

/** X with A X = B, for A [..., n, n] and B [..., n, k]. @example solve(tensor([[2, 0], [0, 4]]), tensor([[2], [2]])) // [[1], [0.5]] */
export const solve: RoutineDefinition & (<V extends Value>(a: V, b: V) => V) = routine(
  {
    name: 'solve',
    reads: [-1, 0],
    infer: (inputs) => [inferSolve(inputs)],
    kernel: ([a, b]) => [solveKernel(a, b)],
    // A X = B: dA X + A dX = dB, so B̄ = A⁻ᵀ X̄ and Ā = -B̄ Xᵀ
    vjp: ({ inputs: [a], outputs: [x] }, [g], wanted) => {
      if (!g) return [null, null]
      const back = solve(transposed(a as Value), g)
      return [wanted[0] ? neg(product(back, x, 'ik,jk->ij')) : null, back]
    },
    jvp: ({ inputs: [a], outputs: [x] }, [ta, tb]) => {
      const moved = ta && product(ta, x, 'ij,jk->ik')
      if (!moved) return [tb && solve(a as Value, tb)]
      return [solve(a as Value, tb ? sub(tb, moved) : neg(moved))]
    },
    batch: ({ inputs, attrs }, batched) => ({ op: solve as Op, inputs: batchAll(inputs, batched), attrs }),
  },
  <V extends Value>(a: V, b: V): V => apply(solve as Op, [a, b], {}),
)

function inferSolve(inputs: readonly Operand[]): Spec {
  const a = requireSquare('solve', inputs[0])
  const b = inputs[1] as Value
  requireFloating('solve', b.dtype)
  if (!sameShape(a.shape.slice(0, -1), b.shape.slice(0, -1))) {
    throw new ShapeError(
      `solve: A X = B needs A [..., n, n] and B [..., n, k], got ${shapeText(a.shape)} and ${shapeText(b.shape)}`,
    )
  }
  return { shape: b.shape, dtype: promote([a, b]) }
}

function solveKernel(a: Dense, b: Dense): Dense {
  const [n, m] = [a.shape.at(-1)!, b.shape.at(-1)!]
  const dtype = promote([a, b] as unknown as readonly Value[])
  const data = allocate(dtype, b.data.length)
  const count = n === 0 ? 0 : a.data.length / (n * n)
  for (let entry = 0; entry < count; entry++) {
    const factors = factorize(Float64Array.from(a.data.subarray(entry * n * n, (entry + 1) * n * n)), n)
    if (factors.singular) throw failure('solve', a.shape, entry, 'is singular: the equations have no unique solution')
    data.set(substitute(factors, n, b.data.subarray(entry * n * m, (entry + 1) * n * m), m), entry * n * m)
  }
  return { data, shape: b.shape, dtype }
}
