/** Elements added one by one to where an index says: the transpose of `gather`. */
import { allocate, promote } from '../dtype.ts'
import { zero } from '../elementwise/zero.ts'
import { batchAll } from '../kinds/batching.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { normalizeAxis, sameShape } from '../shape.ts'
import type { Attrs, Dense, Operand, Shape, Spec, Value } from '../value.ts'
import { slice } from '../view/slice.ts'
import { gather, requireFit } from './gather.ts'
import { places, requireIndex, requireTensor } from './indices.ts'

/** The result has `shape`; it starts from the third input or, without one, from zeros. */
interface ScatterAttrs extends Attrs {
  readonly dim: number
  readonly shape: Shape
}

const read = (attrs: Attrs) => attrs as ScatterAttrs

/**
 * x with src[i][j] added at [index[i][j]][j] for dim 0, and so on; indices may repeat.
 * @param index int32 with as many dimensions as x and src; no size larger than that of src nor, except along dim, of x.
 * @throws IndexError where an index is negative or too large, ShapeError where the shapes do not fit.
 * @example scatterAdd(zeros([3]), 0, tensor([0, 2, 0], { dtype: 'int32' }), tensor([1, 2, 3])) // [4, 0, 2]
 */
export const scatterAdd: RoutineDefinition & (<V extends Value>(x: V, dim: number, index: V, src: V) => V) = routine(
  {
    name: 'scatterAdd',
    indexing: 'adds',
    reads: [0],
    infer: (inputs, attrs) => [inferScatter(inputs, read(attrs))],
    kernel: (inputs, attrs) => [scatterKernel(inputs, read(attrs))],
    vjp: ({ inputs: [index], attrs }, [g], wanted) => [
      null,
      wanted[1] && g ? apply(gather as Op, [g, index], { dim: read(attrs).dim }) : null,
      wanted[2] ? g : null,
    ],
    jvp: ({ inputs, attrs }, [, src, x]) => {
      const [index, ...rest] = [inputs[0], src ?? zero(inputs[1] as Value), x]
      return [src || x ? apply(scatterAdd as Op, [index, ...rest.filter((t) => t != null)], attrs) : null]
    },
    batch: ({ inputs, attrs }, batched) => {
      const all = batchAll(inputs, batched)
      const { dim, shape } = read(attrs)
      return { op: scatterAdd as Op, inputs: all, attrs: { dim: dim + 1, shape: [all[0].shape[0], ...shape] } }
    },
  },
  <V extends Value>(x: V, dim: number, index: V, src: V): V => {
    requireTensor('scatterAdd', x)
    requireIndex('scatterAdd', index)
    const axis = normalizeAxis('scatterAdd', dim, x.shape.length)
    requireTensor('scatterAdd', src)
    requireFit('scatterAdd', index.shape, src.shape, -1)
    const none = src.shape.map(() => 0)
    const whole = sameShape(index.shape, src.shape)
    const part = whole ? src : slice(src, { start: none, step: none.map(() => 1), size: index.shape })
    return apply(scatterAdd as Op, [index, part, x], { dim: axis, shape: x.shape })
  },
)

function inferScatter([index, ...added]: readonly Operand[], { dim, shape }: ScatterAttrs): Spec {
  requireFit('scatterAdd', (index as Value).shape, shape, dim)
  return { shape, dtype: promote(added) }
}

function scatterKernel([index, src, x]: readonly Dense[], { dim, shape }: ScatterAttrs): Dense {
  const at = places('scatterAdd', index, dim, shape)
  const dtype = promote((x ? [src, x] : [src]) as unknown as readonly Value[])
  const data = allocate(
    dtype,
    shape.reduce((n, s) => n * s, 1),
  )
  if (x) data.set(x.data)
  for (let i = 0; i < at.length; i++) data[at[i]] += src.data[i]
  return { data, shape, dtype }
}
