/** Dimensions of size 1 repeated without copying: their stride is 0. */
import { ShapeError } from '../../errors/index.ts'
import { view } from '../kinds/view.ts'
import { sum } from '../reduce/sum.ts'
import { shapeArgument, shapeText } from '../shape.ts'
import type { Shape, Value } from '../value.ts'
import { reshape } from './reshape.ts'

/**
 * Dimensions of size 1 repeated, as a view; new ones are added in front, -1 keeps a size.
 * @throws ShapeError where a dimension of another size would have to change.
 * @example expand(tensor([[1], [2]]), [2, 3]) // [[1, 1, 1], [2, 2, 2]]
 */
export const expand = view({
  name: 'expand',
  prepare: (x: Value, ...shape: (number | readonly number[])[]) => {
    const added = shapeArgument('expand', shape).length - x.shape.length
    return added > 0 ? reshape(x, [...new Array<number>(added).fill(1), ...x.shape]) : x
  },
  attrs: (x, ...shape) => ({ shape: target(x.shape, shapeArgument('expand', shape)) }),
  layout: ({ shape }, x) => ({
    shape,
    strides: shape.map((n, i) => (x.shape[i] === 1 && n !== 1 ? 0 : x.strides[i])),
    offset: x.offset,
  }),
  lift: ({ shape }, batch) => ({ shape: [batch, ...shape] }),
  transpose: (g, _, shape) => sumTo(g, shape),
})

/** -1 keeps a size. */
function target(from: Shape, to: readonly number[]): number[] {
  const shape = to.map((n, i) => (n === -1 ? from[i] : n))
  if (to.length !== from.length || shape.some((n, i) => n < 0 || (n !== from[i] && from[i] !== 1))) {
    throw new ShapeError(
      `expand: ${shapeText(from)} does not expand to ${shapeText(to)}; only dimensions of size 1 grow`,
    )
  }
  return shape
}

/** The sum over the dimensions along which `shape` was broadcast to that of g: the transpose of broadcasting. */
export function sumTo<V extends Value>(g: V, shape: Shape): V {
  const added = g.shape.length - shape.length
  const axes = Array.from(g.shape, (_, i) => i).filter((i) => i < added || (shape[i - added] === 1 && g.shape[i] !== 1))
  if (axes.length === 0) return g
  return reshape(sum(g, axes), shape)
}
