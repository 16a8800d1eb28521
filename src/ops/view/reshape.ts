/** The same elements in the same order under another shape. */
import { ShapeError } from '../../errors/index.ts'
import { type Layout, view } from '../kinds/view.ts'
import { contiguousStrides, isContiguous, shapeArgument, shapeText, sizeOf } from '../shape.ts'
import type { Shape, Value } from '../value.ts'

/**
 * The same elements in the same order under another shape; shares memory where the layout allows it, else copies.
 * @param shape one size may be -1: it is what is left.
 * @throws ShapeError where the number of elements differs.
 * @example reshape(tensor([1, 2, 3, 4]), [2, -1]) // [[1, 2], [3, 4]]
 */
export const reshape = view({
  name: 'reshape',
  attrs: (x: Value, ...shape: (number | readonly number[])[]) => ({
    shape: resolve(x.shape, shapeArgument('reshape', shape)),
  }),
  layout: ({ shape }, x) => {
    if (isContiguous(x.shape, x.strides)) return { shape, strides: contiguousStrides(shape), offset: x.offset }
    const strides = regroup(x, shape)
    return strides && { shape, strides, offset: x.offset }
  },
  lift: ({ shape }, batch) => ({ shape: [batch, ...shape] }),
  transpose: (g, _, shape): Value => reshape(g, shape),
})

/** One size may be -1: it is what is left. */
function resolve(from: Shape, to: number[]): number[] {
  const total = sizeOf(from)
  const open = to.indexOf(-1)
  const rest = sizeOf(to.filter((_, i) => i !== open))
  const fits = open < 0 ? sizeOf(to) === total : rest > 0 && total % rest === 0
  if (!fits || to.some((n, i) => n < 0 && i !== open)) {
    throw new ShapeError(`reshape: ${shapeText(from)} has ${total} elements, which do not fill ${shapeText(to)}`)
  }
  return open < 0 ? to : to.map((n, i) => (i === open ? total / rest : n))
}

/** Strides of the new shape where runs of dimensions are merged or split in place; null where they are not in order. */
function regroup({ shape, strides }: Layout, to: readonly number[]): number[] | null {
  if (sizeOf(shape) === 0) return contiguousStrides(to)
  const from = shape.map((n, i) => ({ n, step: strides[i] })).filter(({ n }) => n !== 1)
  const out = new Array<number>(to.length).fill(1)
  let [oldEnd, newEnd] = [0, 0]
  while (oldEnd < from.length) {
    const [oldStart, newStart] = [oldEnd, newEnd]
    let oldSize = from[oldEnd++].n
    let newSize = to[newEnd++]
    while (oldSize !== newSize) {
      if (newSize < oldSize) newSize *= to[newEnd++]
      else oldSize *= from[oldEnd++].n
    }
    for (let i = oldStart; i < oldEnd - 1; i++) if (from[i].step !== from[i + 1].n * from[i + 1].step) return null
    let step = from[oldEnd - 1].step
    for (let j = newEnd - 1; j >= newStart; j--) {
      out[j] = step
      step *= to[j]
    }
  }
  return out
}
