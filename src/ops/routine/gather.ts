/** Elements picked one by one along a dimension. Its transpose is `scatterAdd`. */
import { ShapeError } from '../../errors/index.ts'
import { allocate } from '../dtype.ts'
import { batchAll } from '../kinds/batching.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { normalizeAxis, shapeText } from '../shape.ts'
import type { Attrs, Operand, Shape, Spec, Value } from '../value.ts'
import { reshape } from '../view/reshape.ts'
import { places, requireIndex, requireTensor } from './indices.ts'
import { scatterAdd } from './scatterAdd.ts'

const dimOf = (attrs: Attrs): number => attrs.dim as number

/**
 * out[i][j] = x[index[i][j]][j] for dim 0, and so on: the index takes the place of one coordinate.
 * @param index int32 with as many dimensions as x and, except along dim, no size larger than that of x.
 * @throws IndexError where an index is negative or too large, ShapeError where the shapes do not fit.
 * @example gather(tensor([[1, 2], [3, 4]]), 1, tensor([[1], [0]], { dtype: 'int32' })) // [[2], [3]]
 */
export const gather: RoutineDefinition & (<V extends Value>(x: V, dim: number, index: V) => V) = routine(
  {
    name: 'gather',
    indexing: 'reads',
    reads: [1],
    infer: (inputs, attrs) => [inferGather(inputs, dimOf(attrs))],
    kernel: ([x, index], attrs) => {
      const at = places('gather', index, dimOf(attrs), x.shape)
      const data = allocate(x.dtype, at.length)
      for (let i = 0; i < at.length; i++) data[i] = x.data[at[i]]
      return [{ data, shape: index.shape, dtype: x.dtype }]
    },
    vjp: ({ inputs: [x, index], attrs }, [g], [wanted]) => [
      wanted && g ? apply(scatterAdd as Op, [index, g], { dim: dimOf(attrs), shape: (x as Value).shape }) : null,
      null,
    ],
    jvp: ({ inputs, attrs }, [t]) => [t && apply(gather as Op, [t, inputs[1]], attrs)],
    batch: ({ inputs, attrs }, batched) => ({
      op: gather as Op,
      inputs: batchAll(inputs, batched),
      attrs: { dim: dimOf(attrs) + 1 },
    }),
  },
  <V extends Value>(x: V, dim: number, index: V): V => {
    requireTensor('gather', x)
    requireIndex('gather', index)
    const axis = normalizeAxis('gather', dim, x.shape.length)
    if (x.shape.length > 0 || index.shape.length > 0) return apply(gather as Op, [x, index], { dim: axis })
    const [row, at] = [reshape(x, [1]), reshape(index, [1])]
    return reshape(apply(gather as Op, [row, at], { dim: 0 }), []) as V
  },
)

function inferGather(inputs: readonly Operand[], dim: number): Spec {
  const [x, index] = inputs as readonly Value[]
  requireFit('gather', index.shape, x.shape, dim)
  return { shape: index.shape, dtype: x.dtype }
}

/** As many dimensions, and no size larger except along dim. */
export function requireFit(name: string, index: Shape, x: Shape, dim: number): void {
  if (index.length === x.length && index.every((n, d) => d === dim || n <= x[d])) return
  throw new ShapeError(
    `${name}: an index ${shapeText(index)} does not fit into ${shapeText(x)} along dim ${dim}: it needs as many dimensions, none of them larger except dim ${dim}`,
  )
}
