/** Systems of equations whose matrix is lower triangular, or the transpose of one. */
import { ShapeError } from '../../errors/index.ts'
import { allocate, promote, requireFloating } from '../dtype.ts'
import { neg } from '../elementwise/neg.ts'
import { sub } from '../elementwise/sub.ts'
import { batchAll } from '../kinds/batching.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { sameShape, shapeText, sizeOf } from '../shape.ts'
import type { Attrs, Dense, Operand, Spec, Value } from '../value.ts'
import { lowerTriangle } from './lowerTriangle.ts'
import { subtractRow } from './lu.ts'
import { failure, product, requireSquare } from './matrix.ts'

const isTransposed = (attrs: Attrs): boolean => attrs.transpose as boolean

/**
 * X with L X = B or, with `transpose`, Lᵀ X = B, for L [..., n, n] and B [..., n, k]; only the lower triangle is read.
 * @throws ShapeError where the shapes do not fit, ArgumentError where L has a zero on its diagonal.
 * @example solveTriangular(tensor([[2, 0], [1, 1]]), tensor([[2], [3]])) // [[1], [2]]
 */
export const solveTriangular: RoutineDefinition & (<V extends Value>(l: V, b: V, transpose?: boolean) => V) = routine(
  {
    name: 'solveTriangular',
    reads: [-1, 0],
    infer: (inputs) => [inferSolve(inputs)],
    kernel: ([l, b], attrs) => [solveKernel(l, b, isTransposed(attrs))],
    // as of `solve`, within the triangle: L̄ = -B̄ Xᵀ, and (L̄)ᵀ = -B̄ Xᵀ for Lᵀ X = B
    vjp: ({ inputs: [l], attrs, outputs: [x] }, [g], wanted) => {
      if (!g) return [null, null]
      const turned = isTransposed(attrs)
      const back = solveTriangular(l as Value, g, !turned)
      const outer = () => (turned ? product(x, back, 'ik,jk->ij') : product(back, x, 'ik,jk->ij'))
      return [wanted[0] ? neg(lowerTriangle(outer())) : null, back]
    },
    jvp: ({ inputs: [l], attrs, outputs: [x] }, [tl, tb]) => {
      const turned = isTransposed(attrs)
      const moved = tl && product(lowerTriangle(tl), x, turned ? 'ji,jk->ik' : 'ij,jk->ik')
      if (!moved) return [tb && solveTriangular(l as Value, tb, turned)]
      return [solveTriangular(l as Value, tb ? sub(tb, moved) : neg(moved), turned)]
    },
    batch: ({ inputs, attrs }, batched) => ({ op: solveTriangular as Op, inputs: batchAll(inputs, batched), attrs }),
  },
  <V extends Value>(l: V, b: V, transpose = false): V => apply(solveTriangular as Op, [l, b], { transpose }),
)

function inferSolve(inputs: readonly Operand[]): Spec {
  const l = requireSquare('solveTriangular', inputs[0])
  const b = inputs[1] as Value
  requireFloating('solveTriangular', b.dtype)
  if (!sameShape(l.shape.slice(0, -1), b.shape.slice(0, -1))) {
    throw new ShapeError(
      `solveTriangular: needs L [..., n, n] and B [..., n, k], got ${shapeText(l.shape)} and ${shapeText(b.shape)}`,
    )
  }
  return { shape: b.shape, dtype: promote([l, b]) }
}

function solveKernel(l: Dense, b: Dense, transpose: boolean): Dense {
  const [n, m] = [l.shape.at(-1)!, b.shape.at(-1)!]
  const dtype = promote([l, b] as unknown as readonly Value[])
  const data = allocate(dtype, b.data.length)
  const count = sizeOf(l.shape.slice(0, -2))
  for (let entry = 0; entry < count; entry++) {
    const at = (i: number, k: number) => l.data[(entry * n + i) * n + k]
    const x = Float64Array.from(b.data.subarray(entry * n * m, (entry + 1) * n * m))
    for (let step = 0; step < n; step++) {
      const i = transpose ? n - 1 - step : step
      if (at(i, i) === 0) throw failure('solveTriangular', l.shape, entry, `is singular: its diagonal is 0 at ${i}`)
      if (transpose) for (let k = i + 1; k < n; k++) subtractRow(x, m, i, k, at(k, i))
      else for (let k = 0; k < i; k++) subtractRow(x, m, i, k, at(i, k))
      for (let c = 0; c < m; c++) x[i * m + c] /= at(i, i)
    }
    data.set(x, entry * n * m)
  }
  return { data, shape: b.shape, dtype }
}
