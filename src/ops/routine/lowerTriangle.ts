/** The lower triangle with a weight on its diagonal: linear, and its own transpose. */
import { allocate } from '../dtype.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import type { Dense, Value } from '../value.ts'
import { sameSpec } from './matrix.ts'

/** Zeros above the diagonal of every matrix, the diagonal times `diagonal`. @example lowerTriangle(tensor([[1, 2], [3, 4]])) // [[1, 0], [3, 4]] */
export const lowerTriangle: RoutineDefinition & (<V extends Value>(x: V, diagonal?: number) => V) = routine(
  {
    name: 'lowerTriangle',
    reads: [],
    total: true,
    infer: ([x]) => [sameSpec(x as Value)],
    kernel: ([x], attrs) => [maskKernel(x, attrs.diagonal as number)],
    vjp: ({ attrs }, [g], [wanted]) => [wanted && g ? apply(lowerTriangle as Op, [g], attrs) : null],
    jvp: ({ attrs }, [t]) => [t && apply(lowerTriangle as Op, [t], attrs)],
    batch: ({ inputs, attrs }) => ({ op: lowerTriangle as Op, inputs, attrs }),
  },
  <V extends Value>(x: V, diagonal = 1): V => apply(lowerTriangle as Op, [x], { diagonal }),
)

function maskKernel({ data, shape, dtype }: Dense, diagonal: number): Dense {
  const n = shape.at(-1)!
  const out = allocate(dtype, data.length)
  for (let row = 0; row * n < data.length; row++) {
    const i = row % shape.at(-2)!
    for (let j = 0; j < Math.min(i, n); j++) out[row * n + j] = data[row * n + j]
    if (i < n) out[row * n + i] = data[row * n + i] * diagonal
  }
  return { data: out, shape, dtype }
}
