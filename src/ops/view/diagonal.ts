/** The diagonal of two dimensions, as a last dimension. `offset` counts diagonals upwards from the main one. */
import { ArgumentError } from '../../errors/index.ts'
import { type Layout, view } from '../kinds/view.ts'
import { normalizeAxis, shapeText } from '../shape.ts'
import type { Attrs, Value } from '../value.ts'

interface Diagonal extends Attrs {
  readonly offset: number
  readonly a: number
  readonly b: number
}

export const diagonal = view({
  name: 'diagonal',
  attrs: (x: Value, offset: number = 0, dim1: number = 0, dim2: number = 1): Diagonal => {
    const [a, b] = [dim1, dim2].map((d) => normalizeAxis('diagonal', d, x.shape.length))
    if (a === b) throw new ArgumentError(`diagonal: needs two dimensions, got ${dim1} twice for ${shapeText(x.shape)}`)
    return { offset, a, b }
  },
  layout: ({ offset, a, b }, x): Layout => {
    const [down, right] = [Math.max(0, -offset), Math.max(0, offset)]
    const length = Math.max(0, Math.min(x.shape[a] - down, x.shape[b] - right))
    const rest = (v: readonly number[]) => v.filter((_, d) => d !== a && d !== b)
    return {
      shape: [...rest(x.shape), length],
      strides: [...rest(x.strides), x.strides[a] + x.strides[b]],
      offset: x.offset + (length > 0 ? down * x.strides[a] + right * x.strides[b] : 0),
    }
  },
  lift: ({ offset, a, b }) => ({ offset, a: a + 1, b: b + 1 }),
})
