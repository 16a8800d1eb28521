/** The order in which a row is sorted. Stable, and NaN counts as larger than everything, as in PyTorch. */
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { normalizeAxis } from '../shape.ts'
import type { Attrs, Dense, TypedArray, Value } from '../value.ts'
import { reshape } from '../view/reshape.ts'
import { around, requireTensor } from './indices.ts'

interface SortAttrs extends Attrs {
  readonly dim: number
  readonly descending: boolean
}

const read = (attrs: Attrs) => attrs as SortAttrs

/**
 * The indices that sort x along dim; equal elements keep their order, NaN counts as the largest. int32; nothing flows
 * back.
 * @example argsort(tensor([3, 1, 2])) // [1, 2, 0]
 */
export const argsort: RoutineDefinition & (<V extends Value>(x: V, dim?: number, descending?: boolean) => V) = routine(
  {
    name: 'argsort',
    reads: [],
    infer: ([x]) => [{ shape: (x as Value).shape, dtype: 'int32' }],
    kernel: ([x], attrs) => [{ data: sortRows(x, read(attrs)), shape: x.shape, dtype: 'int32' }],
    batch: ({ inputs, attrs }) => ({ op: argsort as Op, inputs, attrs: { ...attrs, dim: read(attrs).dim + 1 } }),
  },
  <V extends Value>(x: V, dim = -1, descending = false): V => {
    requireTensor('argsort', x)
    const axis = normalizeAxis('argsort', dim, x.shape.length)
    if (x.shape.length > 0) return apply(argsort as Op, [x], { dim: axis, descending })
    return reshape(apply(argsort as Op, [reshape(x, [1])], { dim: 0, descending }), []) as V
  },
)

function sortRows({ data, shape }: Dense, { dim, descending }: SortAttrs): Int32Array {
  const { outer, size, inner } = around(shape, dim)
  const out = new Int32Array(data.length)
  const row = data.slice(0, size)
  const order = new Int32Array(size)
  const compare = comparison(row, descending ? -1 : 1)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const base = o * size * inner + i
      for (let k = 0; k < size; k++) {
        row[k] = data[base + k * inner]
        order[k] = k
      }
      order.sort(compare)
      for (let k = 0; k < size; k++) out[base + k * inner] = order[k]
    }
  }
  return out
}

/** By value, then by place. A comparison with NaN is false both ways: then it is decided by who is NaN. */
function comparison(row: TypedArray, sign: number): (i: number, j: number) => number {
  return (i, j) => {
    const [a, b] = [row[i], row[j]]
    if (a < b) return -sign
    if (a > b) return sign
    return (a === b ? 0 : (Number(Number.isNaN(a)) - Number(Number.isNaN(b))) * sign) || i - j
  }
}
