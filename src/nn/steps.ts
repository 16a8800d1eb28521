/**
 * A sequence as the list of its steps, and back: two linear maps, each the transpose of the other. `unbind` would do as
 * well, but its parts are views, every one of which sends back zeros for all the other steps: T² work for T steps.
 */
import { allocate } from '../ops/dtype.ts'
import { zero } from '../ops/elementwise/index.ts'
import { batchAll } from '../ops/kinds/batching.ts'
import { apply, applyAll, type Linear, type Op } from '../ops/kinds/op.ts'
import { type RoutineDefinition, routine } from '../ops/kinds/routine.ts'
import { sizeOf } from '../ops/shape.ts'
import type { Attrs, Dense, Operand, Shape, Value } from '../ops/value.ts'

const dimOf = (attrs: Attrs): number => attrs.dim as number
const without = (shape: Shape, dim: number): number[] => shape.filter((_, d) => d !== dim)
const within = (shape: Shape, dim: number, n: number): number[] => [...shape.slice(0, dim), n, ...shape.slice(dim)]

/** Zeros for the steps that nothing depends on. */
const complete = (parts: readonly Linear[], like: readonly Operand[]): Value[] =>
  parts.map((x, i) => x ?? zero(like[i] as Value))

/** x[0], x[1], ... along a dimension, as copies. */
export const toSteps: RoutineDefinition & (<V extends Value>(x: V, dim: number) => V[]) = routine(
  {
    name: 'toSteps',
    reads: [],
    infer: ([input], attrs) => {
      const { shape, dtype } = input as Value
      return Array.from({ length: shape[dimOf(attrs)] }, () => ({ shape: without(shape, dimOf(attrs)), dtype }))
    },
    kernel: ([x], attrs) => takeApart(x, dimOf(attrs)),
    vjp: ({ attrs, outputs }, cotangents) => [apply(fromSteps as Op, complete(cotangents, outputs), attrs)],
    jvp: ({ attrs, outputs }, [t]) => (t ? applyAll(toSteps as Op, [t], attrs) : outputs.map(() => null)),
    batch: ({ inputs, attrs }) => ({ op: toSteps as Op, inputs, attrs: { dim: dimOf(attrs) + 1 } }),
  },
  <V extends Value>(x: V, dim: number): V[] => applyAll<V>(toSteps as Op, [x], { dim }),
)

/** Steps of one shape under a new dimension. */
export const fromSteps: RoutineDefinition & (<V extends Value>(steps: readonly V[], dim: number) => V) = routine(
  {
    name: 'fromSteps',
    reads: [],
    infer: (inputs, attrs) => {
      const { shape, dtype } = inputs[0] as Value
      return [{ shape: within(shape, dimOf(attrs), inputs.length), dtype }]
    },
    kernel: (inputs, attrs) => [putTogether(inputs, dimOf(attrs))],
    vjp: ({ inputs, attrs }, [g]) => (g ? applyAll(toSteps as Op, [g], attrs) : inputs.map(() => null)),
    jvp: ({ inputs, attrs }, tangents) => [apply(fromSteps as Op, complete(tangents, inputs), attrs)],
    batch: ({ inputs, attrs }, batched) => ({
      op: fromSteps as Op,
      inputs: batchAll(inputs, batched),
      attrs: { dim: dimOf(attrs) + 1 },
    }),
  },
  <V extends Value>(steps: readonly V[], dim: number): V => apply(fromSteps as Op, steps, { dim }) as V,
)

function takeApart(x: Dense, dim: number): Dense[] {
  const shape = without(x.shape, dim)
  const n = x.shape[dim]
  const row = sizeOf(x.shape.slice(dim + 1))
  const rows = sizeOf(x.shape.slice(0, dim))
  return Array.from({ length: n }, (_, k) => {
    const data = allocate(x.dtype, rows * row)
    for (let r = 0; r < rows; r++) {
      const from = (r * n + k) * row
      data.set(x.data.subarray(from, from + row), r * row)
    }
    return { data, shape, dtype: x.dtype }
  })
}

function putTogether(steps: readonly Dense[], dim: number): Dense {
  const [{ shape, dtype }] = steps
  const n = steps.length
  const row = sizeOf(shape.slice(dim))
  const rows = sizeOf(shape.slice(0, dim))
  const data = allocate(dtype, n * rows * row)
  steps.forEach((step, k) => {
    for (let r = 0; r < rows; r++) data.set(step.data.subarray(r * row, (r + 1) * row), (r * n + k) * row)
  })
  return { data, shape: within(shape, dim, n), dtype }
}
