/** The order in which a row is sorted. Stable, and NaN counts as larger than everything, as in PyTorch. */
import { flag } from '../arguments.ts'
import { apply, type Op } from '../kinds/op.ts'
import { dimAndOptions, type WithDim } from '../kinds/reduce.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { normalizeAxis } from '../shape.ts'
import type { Attrs, Dense, Shape, Value } from '../value.ts'
import { reshape } from '../view/reshape.ts'
import { around, requireTensor, resized } from './indices.ts'
import { Ranking, selectFirst } from './ranking.ts'

export interface SortOptions {
  /** The largest first. */
  readonly descending?: boolean
}

interface SortAttrs extends Attrs {
  readonly dim: number
  readonly descending: boolean
  /** How many of a row's entries are wanted; all unless given. */
  readonly count?: number
}

const read = (attrs: Attrs) => attrs as SortAttrs
const sortedShape = (shape: Shape, { dim, count }: SortAttrs): Shape =>
  count === undefined ? shape : resized(shape, dim, count)

/**
 * The indices that sort x along dim; equal elements keep their order, NaN counts as the largest. int32; nothing flows
 * back.
 * @example argsort(tensor([3, 1, 2])) // [1, 2, 0]
 */
export const argsort: RoutineDefinition &
  (<V extends Value>(x: V, dim?: number | WithDim<SortOptions>, descending?: boolean | SortOptions) => V) = routine(
  {
    name: 'argsort',
    reads: [],
    total: true,
    infer: ([x], attrs) => [{ shape: sortedShape((x as Value).shape, read(attrs)), dtype: 'int32' }],
    kernel: ([x], attrs) => [
      { data: sortRows(x, read(attrs)), shape: sortedShape(x.shape, read(attrs)), dtype: 'int32' },
    ],
    batch: ({ inputs, attrs }) => ({ op: argsort as Op, inputs, attrs: { ...attrs, dim: read(attrs).dim + 1 } }),
  },
  <V extends Value>(x: V, dim: number | WithDim<SortOptions> = -1, order?: boolean | SortOptions): V => {
    requireTensor('argsort', x)
    const options = typeof order === 'boolean' ? { descending: order } : order
    const { axis, descending } = sortArguments('argsort', x, dim, options)
    if (x.shape.length > 0) return apply(argsort as Op, [x], { dim: axis, descending })
    return reshape(apply(argsort as Op, [reshape(x, [1])], { dim: 0, descending }), []) as V
  },
)

/** The dimension from 0 and the direction; options may stand in the place of dim. */
export function sortArguments(name: string, x: Value, dim: number | WithDim<SortOptions>, options?: SortOptions) {
  const [given, chosen] = dimAndOptions<SortOptions>(name, dim, options, ['descending'])
  const axis = normalizeAxis(name, (given as number | null | undefined) ?? -1, x.shape.length)
  return { axis, descending: flag(name, 'descending', chosen.descending) }
}

/** The first `count` entries of argsort along dim, without sorting what comes after them. */
export function firstIndices<V extends Value>(x: V, dim: number, descending: boolean, count: number): V {
  if (x.shape.length > 0) return apply(argsort as Op, [x], { dim, descending, count })
  return reshape(
    apply(argsort as Op, [reshape(x, [1])], { dim: 0, descending, count }),
    count === 1 ? [] : [count],
  ) as V
}

/** For so few of a row one pass finds them. */
const FEW = 32

function sortRows({ data, shape }: Dense, { dim, descending, count }: SortAttrs): Int32Array {
  const { outer, size, inner } = around(shape, dim)
  const kept = count ?? size
  const out = new Int32Array(outer * kept * inner)
  if (out.length === 0) return out
  const row = data.slice(0, size)
  const ranking = kept <= FEW && kept < size / 4 ? null : new Ranking(row, descending)
  const first = new Int32Array(kept)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const base = o * size * inner + i
      if (inner === 1) row.set(data.subarray(base, base + size))
      else for (let k = 0; k < size; k++) row[k] = data[base + k * inner]
      if (ranking) ranking.sort()
      else selectFirst(row, descending, first)
      const order = ranking?.order ?? first
      const to = o * kept * inner + i
      for (let k = 0; k < kept; k++) out[to + k * inner] = order[k]
    }
  }
  return out
}
