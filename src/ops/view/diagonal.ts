/** The diagonal of two dimensions, as a last dimension: y[..., k] = x[..., k, ..., k + offset]. */
import { ArgumentError, checkOptions } from '../../errors/index.ts'
import { requireInteger } from '../arguments.ts'
import { type Layout, view } from '../kinds/view.ts'
import { normalizeAxis, shapeText } from '../shape.ts'
import type { Attrs, Value } from '../value.ts'

interface Diagonal extends Attrs {
  readonly offset: number
  readonly a: number
  readonly b: number
}

export interface DiagonalOptions {
  /** 0 is the main diagonal, 1 the one above it, -1 the one below it. */
  readonly offset?: number
  readonly dim1?: number
  readonly dim2?: number
}

/**
 * The diagonal of two dimensions (0 and 1 unless given) as a view; it becomes the last dimension.
 * @throws ArgumentError where the two dimensions are one, IndexError where there is no such dimension.
 * @example diagonal(tensor([[1, 2], [3, 4]])) // [1, 4]
 */
export const diagonal = view({
  name: 'diagonal',
  attrs: (x: Value, options: DiagonalOptions | number = {}, ...dims: number[]): Diagonal => {
    const [d1, d2] = dims
    const { offset, dim1, dim2 } = read(typeof options === 'number' ? { offset: options, dim1: d1, dim2: d2 } : options)
    const [a, b] = [dim1, dim2].map((d) => normalizeAxis('diagonal', d, x.shape.length))
    if (a === b)
      throw new ArgumentError(`diagonal: needs two dimensions, got ${dim1} and ${dim2} for ${shapeText(x.shape)}`)
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

function read(options: DiagonalOptions): Required<DiagonalOptions> {
  checkOptions('diagonal', options, ['offset', 'dim1', 'dim2'])
  const { offset = 0, dim1 = 0, dim2 = 1 } = options
  requireInteger('diagonal', 'offset', offset)
  return { offset, dim1, dim2 }
}
