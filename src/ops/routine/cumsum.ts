/** Running sums. Linear; the transpose runs from the other end. */
import { allocate, isFloating } from '../dtype.ts'
import { apply, type Op } from '../kinds/op.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { normalizeAxis } from '../shape.ts'
import type { Attrs, Dense, DType, Value } from '../value.ts'
import { reshape } from '../view/reshape.ts'
import { around, requireTensor } from './indices.ts'

interface SumAttrs extends Attrs {
  readonly dim: number
  readonly reverse: boolean
}

const read = (attrs: Attrs) => attrs as SumAttrs
const widened = (dtype: DType): DType => (isFloating(dtype) ? dtype : 'int32')

/**
 * Element i becomes x[0] + ... + x[i] along dim. Integers and flags add up to int32.
 * @example cumsum(tensor([1, 2, 3]), 0) // [1, 3, 6]
 */
export const cumsum: RoutineDefinition & (<V extends Value>(x: V, dim: number) => V) = routine(
  {
    name: 'cumsum',
    reads: [],
    total: true,
    infer: ([x]) => [{ shape: (x as Value).shape, dtype: widened((x as Value).dtype) }],
    kernel: ([x], attrs) => [runSums(x, read(attrs))],
    vjp: ({ attrs }, [g], [wanted]) => [
      wanted && g ? apply(cumsum as Op, [g], { ...attrs, reverse: !read(attrs).reverse }) : null,
    ],
    jvp: ({ attrs }, [t]) => [t && apply(cumsum as Op, [t], attrs)],
    batch: ({ inputs, attrs }) => ({ op: cumsum as Op, inputs, attrs: { ...attrs, dim: read(attrs).dim + 1 } }),
  },
  <V extends Value>(x: V, dim: number): V => {
    requireTensor('cumsum', x)
    const axis = normalizeAxis('cumsum', dim, x.shape.length)
    if (x.shape.length > 0) return apply(cumsum as Op, [x], { dim: axis, reverse: false })
    return reshape(apply(cumsum as Op, [reshape(x, [1])], { dim: 0, reverse: false }), []) as V
  },
)

/** In float64, whatever the dtype. */
function runSums({ data, shape, dtype }: Dense, { dim, reverse }: SumAttrs): Dense {
  const { outer, size, inner } = around(shape, dim)
  const out = allocate(widened(dtype), data.length)
  const step = reverse ? -inner : inner
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let at = (o * size + (reverse ? size - 1 : 0)) * inner + i
      let sum = 0
      for (let k = 0; k < size; k++, at += step) out[at] = sum += data[at]
    }
  }
  return { data: out, shape, dtype: widened(dtype) }
}
