/**
 * All positions of a window sliding over the last dimensions: [..., h, w] becomes [..., rows, columns, kh, kw]. A
 * convolution is a contraction over it, a pooling a reduction; its transpose adds overlapping windows back up.
 */
import { ShapeError } from '../../errors/index.ts'
import { type Layout, transposeOf, view } from '../kinds/view.ts'
import { shapeText } from '../shape.ts'
import type { Attrs, Value } from '../value.ts'

/** One entry per spatial dimension. */
export interface Window extends Attrs {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
}

/** [..., h, w] as [..., rows, columns, kh, kw]: element (i, j) of the window at (r, c) is x[r · stride + i · dilation, ...]. */
export const windows = view({
  name: 'windows',
  attrs: (x: Value, { kernel, stride, dilation }: Window): Window => {
    const steps = positions(x.shape.slice(-kernel.length), { kernel, stride, dilation })
    if (steps.some((n) => n < 1)) {
      throw new ShapeError(
        `windows: a window of ${shapeText(kernel)} with dilation ${shapeText(dilation)} does not fit into ${shapeText(x.shape)}`,
      )
    }
    return { kernel, stride, dilation }
  },
  layout: (attrs, x) => look(attrs, x),
  lift: (attrs) => attrs,
})

function look({ kernel, stride, dilation }: Window, x: Layout): Layout {
  const outer = x.shape.length - kernel.length
  const inner = x.strides.slice(outer)
  return {
    shape: [...x.shape.slice(0, outer), ...positions(x.shape.slice(outer), { kernel, stride, dilation }), ...kernel],
    strides: [
      ...x.strides.slice(0, outer),
      ...inner.map((s, i) => s * stride[i]),
      ...inner.map((s, i) => s * dilation[i]),
    ],
    offset: x.offset,
  }
}

/** The transpose of `windows`: overlapping windows `of` a tensor of `shape` added up. What a transposed convolution ends in. */
export const overlapAdd = transposeOf(
  'windows',
  windows,
  (attrs, x) => look(attrs as Window, x),
  (attrs) => attrs,
  'overlapAdd',
)

/** floor((size - dilation · (kernel - 1) - 1) / stride) + 1 */
export const positions = (size: readonly number[], { kernel, stride, dilation }: Window): number[] =>
  size.map((n, i) => Math.floor((n - dilation[i] * (kernel[i] - 1) - 1) / stride[i]) + 1)
