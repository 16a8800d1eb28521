/** Whole rows picked along a dimension, as an embedding does. Its transpose is `indexAdd`. */
import { allocate } from '../dtype.ts'
import { batchAll } from '../kinds/batching.ts'
import { apply, type BatchedCall, type Call, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { normalizeAxis, sizeOf } from '../shape.ts'
import type { Attrs, Dense, Value } from '../value.ts'
import { expand } from '../view/expand.ts'
import { reshape } from '../view/reshape.ts'
import { gather } from './gather.ts'
import { indexAdd } from './indexAdd.ts'
import { around, checkRange, requireRows, requireTensor, resized } from './indices.ts'

const dimOf = (attrs: Attrs): number => attrs.dim as number

/**
 * The rows index[0], index[1], ... of x along dim.
 * @param index int32 of one dimension.
 * @throws IndexError where an index is negative or too large.
 * @example indexSelect(tensor([[1, 2], [3, 4]]), 0, tensor([1, 1], { dtype: 'int32' })) // [[3, 4], [3, 4]]
 */
export const indexSelect: RoutineDefinition & (<V extends Value>(x: V, dim: number, index: V) => V) = routine(
  {
    name: 'indexSelect',
    indexing: 'reads rows',
    reads: [1],
    infer: ([x, index], attrs) => {
      const { shape, dtype } = x as Value
      return [{ shape: resized(shape, dimOf(attrs), (index as Value).shape[0]), dtype }]
    },
    kernel: ([x, index], attrs) => [selectKernel(x, index, dimOf(attrs))],
    vjp: ({ inputs: [x, index], attrs }, [g], [wanted]) => [
      wanted && g ? apply(indexAdd as Op, [index, g], { dim: dimOf(attrs), shape: (x as Value).shape }) : null,
      null,
    ],
    jvp: ({ inputs, attrs }, [t]) => [t && apply(indexSelect as Op, [t, inputs[1]], attrs)],
    batch: batchSelect,
  },
  <V extends Value>(x: V, dim: number, index: V): V => {
    requireTensor('indexSelect', x)
    const rows = index?.shape?.length === 0 ? reshape(index, [1]) : index
    requireRows('indexSelect', rows)
    const axis = normalizeAxis('indexSelect', dim, x.shape.length)
    if (x.shape.length > 0) return apply(indexSelect as Op, [x, rows], { dim: axis })
    return reshape(apply(indexSelect as Op, [reshape(x, [1]), rows], { dim: 0 }), rows.shape) as V
  },
)

function selectKernel(x: Dense, index: Dense, dim: number): Dense {
  const { outer, size, inner } = around(x.shape, dim)
  checkRange('indexSelect', index.data, dim, size)
  const shape = resized(x.shape, dim, index.data.length)
  const data = allocate(x.dtype, sizeOf(shape))
  let at = 0
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < index.data.length; k++, at += inner) {
      const from = (o * size + index.data[k]) * inner
      if (inner >= 32) data.set(x.data.subarray(from, from + inner), at)
      else for (let i = 0; i < inner; i++) data[at + i] = x.data[from + i]
    }
  }
  return { data, shape, dtype: x.dtype }
}

function batchSelect({ inputs, attrs }: Omit<Call, 'outputs'>, batched: readonly boolean[]): BatchedCall {
  const dim = dimOf(attrs) + 1
  if (!batched[1]) return { op: indexSelect as Op, inputs, attrs: { dim } }
  const [x, index] = batchAll(inputs, batched)
  return { op: gather as Op, inputs: [x, spreadRows(index, x.shape, dim)], attrs: { dim } }
}

/** Rows per sample, [batch, k], as an index per element along `dim` of a batch of `shape`. */
export function spreadRows(index: Value, shape: readonly number[], dim: number): Value {
  const [batch, count] = index.shape
  const column = shape.map((_, d) => (d === 0 ? batch : d === dim ? count : 1))
  return expand(reshape(index, column), resized(shape, dim, count))
}
