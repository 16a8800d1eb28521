/** The dimensions in another order. */
import { ArgumentError } from '../../errors/index.ts'
import { view } from '../kinds/view.ts'
import { normalizeAxis, shapeArgument, shapeText } from '../shape.ts'
import type { Value } from '../value.ts'

/**
 * The dimensions in another order, as a view: dimension i of the result is dimension dims[i] of x.
 * @throws ArgumentError where dims does not name every dimension once.
 * @example permute(tensor([[1, 2], [3, 4]]), [1, 0]) // [[1, 3], [2, 4]]
 */
export const permute = view({
  name: 'permute',
  attrs: (x: Value, ...dims: (number | readonly number[])[]) => ({ dims: order(x, shapeArgument('permute', dims)) }),
  layout: ({ dims }, x) => ({
    shape: dims.map((d) => x.shape[d]),
    strides: dims.map((d) => x.strides[d]),
    offset: x.offset,
  }),
  lift: ({ dims }) => ({ dims: [0, ...dims.map((d) => d + 1)] }),
  transpose: (g, { dims }): Value =>
    permute(
      g,
      dims.map((_, i) => dims.indexOf(i)),
    ),
})

function order(x: Value, dims: readonly number[]): number[] {
  const rank = x.shape.length
  const axes = dims.map((d) => normalizeAxis('permute', d, rank))
  if (axes.length !== rank || new Set(axes).size !== rank) {
    throw new ArgumentError(
      `permute: [${dims.join(', ')}] is not an order of the ${rank} dimensions of ${shapeText(x.shape)}`,
    )
  }
  return axes
}
