/** Whole rows replaced along a dimension. Where an index repeats, the last row stays and the others get no gradient. */
import { allocate, promote } from '../dtype.ts'
import { where } from '../elementwise/where.ts'
import { zero } from '../elementwise/zero.ts'
import { batchAll } from '../kinds/batching.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { normalizeAxis, sizeOf } from '../shape.ts'
import type { Attrs, Dense, Value } from '../value.ts'
import { reshape } from '../view/reshape.ts'
import { inferAdd } from './indexAdd.ts'
import { indexSelect } from './indexSelect.ts'
import { around, checkRange, requireRows, requireTensor } from './indices.ts'

const dimOf = (attrs: Attrs): number => attrs.dim as number

/**
 * x with its row index[k] along dim replaced by row k of src.
 * @param index int32 of one dimension; @param src as x, with as many rows along dim as the index has entries.
 * @throws IndexError where an index is negative or too large, ShapeError where src does not fit.
 * @example indexCopy(zeros([3]), 0, tensor([2, 0], { dtype: 'int32' }), tensor([3, 4])) // [4, 0, 3]
 */
export const indexCopy: RoutineDefinition & (<V extends Value>(x: V, dim: number, index: V, src: V) => V) = routine(
  {
    name: 'indexCopy',
    reads: [0],
    infer: ([index, src, x], attrs) => [
      inferAdd('indexCopy', [index, src, x], { dim: dimOf(attrs), shape: (x as Value).shape }),
    ],
    kernel: (inputs, attrs) => [copyKernel(inputs, dimOf(attrs))],
    vjp: ({ inputs, attrs }, [g], wanted) => {
      const [index, src] = inputs as readonly Value[]
      const dim = dimOf(attrs)
      const stays = () =>
        reshape(
          lastOccurrence(index),
          src.shape.map((n, d) => (d === dim ? n : 1)),
        )
      return [
        null,
        wanted[1] && g ? where(stays(), indexSelect(g, dim, index), 0) : null,
        wanted[2] && g ? apply(indexCopy as Op, [index, zero(src), g], attrs) : null,
      ]
    },
    jvp: ({ inputs: [index, src, x], attrs }, [, ts, tx]) => [
      ts || tx ? apply(indexCopy as Op, [index, ts ?? zero(src as Value), tx ?? zero(x as Value)], attrs) : null,
    ],
    batch: ({ inputs, attrs }, batched) => {
      if (batched[0]) return null
      const [, src, x] = batchAll(inputs, batched)
      return { op: indexCopy as Op, inputs: [inputs[0], src, x], attrs: { dim: dimOf(attrs) + 1 } }
    },
  },
  <V extends Value>(x: V, dim: number, index: V, src: V): V => {
    requireTensor('indexCopy', x)
    requireTensor('indexCopy', src)
    requireRows('indexCopy', index)
    return apply(indexCopy as Op, [index, src, x], { dim: normalizeAxis('indexCopy', dim, x.shape.length) })
  },
)

function copyKernel([index, src, x]: readonly Dense[], dim: number): Dense {
  const { outer, size, inner } = around(x.shape, dim)
  checkRange('indexCopy', index.data, dim, size)
  const dtype = promote([src, x] as unknown as readonly Value[])
  const data = allocate(dtype, sizeOf(x.shape))
  data.set(x.data)
  let from = 0
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < index.data.length; k++, from += inner) {
      data.set(src.data.subarray(from, from + inner), (o * size + index.data[k]) * inner)
    }
  }
  return { data, shape: x.shape, dtype }
}

/** True where no later entry of the list is equal. */
const lastOccurrence: RoutineDefinition & ((index: Value) => Value) = routine(
  {
    name: 'lastOccurrence',
    total: true,
    infer: ([index]) => [{ shape: (index as Value).shape, dtype: 'bool' }],
    kernel: ([{ data, shape }]) => {
      const last = new Map<number, number>()
      for (let k = 0; k < data.length; k++) last.set(data[k], k)
      return [{ data: Uint8Array.from(data, (row, k) => Number(last.get(row) === k)), shape, dtype: 'bool' }]
    },
  },
  (index: Value): Value => apply(lastOccurrence as Op, [index], {}),
)
