/** Tensors one after the other along a dimension. */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { shown } from '../arguments.ts'
import { allocate, promote } from '../dtype.ts'
import { zero } from '../elementwise/zero.ts'
import { batchAll } from '../kinds/batching.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { normalizeAxis, shapeText, sizeOf } from '../shape.ts'
import type { Attrs, Dense, Operand, Spec, Value } from '../value.ts'
import { ranges, slice } from '../view/slice.ts'
import { requireTensor } from './indices.ts'

const dimOf = (attrs: Attrs): number => attrs.dim as number

/** @example cat([tensor([1, 2]), tensor([3])]) // [1, 2, 3] */
export const cat: RoutineDefinition & (<V extends Value>(tensors: readonly V[], dim?: number) => V) = routine(
  {
    name: 'cat',
    reads: [],
    total: true,
    joins: true,
    infer: (inputs, attrs) => [inferCat(inputs as readonly Value[], dimOf(attrs))],
    kernel: (inputs, attrs) => [catKernel(inputs, dimOf(attrs))],
    vjp: ({ inputs, attrs }, [g], wanted) => {
      let start = 0
      return (inputs as readonly Value[]).map((x, i) => {
        const size = x.shape[dimOf(attrs)]
        const part = wanted[i] && g ? slice(g, ranges(g, { [dimOf(attrs)]: { start, step: 1, size } })) : null
        start += size
        return part
      })
    },
    jvp: ({ inputs, attrs }, tangents) => [
      apply(
        cat as Op,
        tangents.map((t, i) => t ?? zero(inputs[i] as Value)),
        attrs,
      ),
    ],
    batch: ({ inputs, attrs }, batched) => ({
      op: cat as Op,
      inputs: batchAll(inputs, batched),
      attrs: { dim: dimOf(attrs) + 1 },
    }),
  },
  <V extends Value>(tensors: readonly V[], dim = 0): V => {
    if (!Array.isArray(tensors) || tensors.length === 0)
      throw new ArgumentError(`cat: takes an array of at least one tensor, got ${shown(tensors)}`)
    for (const [i, x] of tensors.entries()) requireTensor('cat', x, ` in element ${i}`)
    return apply(cat as Op, tensors, { dim: normalizeAxis('cat', dim, tensors[0].shape.length) }) as V
  },
)

function inferCat(inputs: readonly Value[], dim: number): Spec {
  const [first] = inputs
  const fits = (x: Value) =>
    x.shape.length === first.shape.length && x.shape.every((n, d) => d === dim || n === first.shape[d])
  if (first.shape.length === 0) throw new ShapeError('cat: scalars have no dimension to be joined along; use stack')
  if (!inputs.every(fits)) {
    throw new ShapeError(
      `cat: shapes must be equal except along dim ${dim}: ${inputs.map((x) => shapeText(x.shape)).join(', ')}`,
    )
  }
  const total = inputs.reduce((n, x) => n + x.shape[dim], 0)
  return { shape: first.shape.map((n, d) => (d === dim ? total : n)), dtype: promote(inputs as readonly Operand[]) }
}

function catKernel(inputs: readonly Dense[], dim: number): Dense {
  const spec = inferCat(inputs as unknown as readonly Value[], dim)
  const data = allocate(spec.dtype, sizeOf(spec.shape))
  const outer = sizeOf(spec.shape.slice(0, dim))
  const row = sizeOf(spec.shape.slice(dim))
  let start = 0
  for (const { data: part, shape } of inputs) {
    const length = sizeOf(shape.slice(dim))
    for (let o = 0; o < outer; o++) data.set(part.subarray(o * length, (o + 1) * length), o * row + start)
    start += length
  }
  return { data, ...spec }
}
