/** A border around the last dimensions: the transpose of a slice, with a value where no element lands. */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { apply, type Op } from '../kinds/op.ts'
import { transposeOf } from '../kinds/view.ts'
import { shapeText } from '../shape.ts'
import type { Attrs, Value } from '../value.ts'
import { liftRanges, type Ranges, slice, sliceLayout } from './slice.ts'

const op = transposeOf('slice', slice, (a, x) => sliceLayout(a as Ranges, x), (a, n) => liftRanges(a as Ranges, n), 'pad')

/**
 * `widths` are PyTorch's: before and after the last dimension, then the one before it, ... Negative widths crop.
 * @example pad(tensor([1, 2]), [1, 0]) // [0, 1, 2]
 */
export const pad = Object.defineProperties(
  <V extends Value>(x: V, widths: readonly number[], value = 0): V => {
    const rank = x.shape.length
    if (widths.length % 2 !== 0 || widths.length > 2 * rank || widths.some((w) => !Number.isInteger(w))) {
      throw new ArgumentError(`pad: widths are pairs of integers, at most ${rank} for ${shapeText(x.shape)}, got [${widths.join(', ')}]`)
    }
    const before = x.shape.map((_, d) => widths[2 * (rank - 1 - d)] ?? 0)
    const after = x.shape.map((_, d) => widths[2 * (rank - 1 - d) + 1] ?? 0)
    const shape = x.shape.map((n, d) => n + before[d] + after[d])
    if (shape.some((n) => n < 0)) throw new ShapeError(`pad: cropping leaves ${shapeText(shape)} of ${shapeText(x.shape)}`)
    const crop = (w: number) => Math.max(0, -w)
    const kept = slice(x, {
      start: before.map(crop),
      step: x.shape.map(() => 1),
      size: x.shape.map((n, d) => n - crop(before[d]) - crop(after[d])),
    })
    const of: Attrs = { start: before.map((w) => Math.max(0, w)), step: shape.map(() => 1), size: kept.shape }
    return apply(op as Op, [kept], { of, shape, fill: value }) as V
  },
  Object.getOwnPropertyDescriptors(op),
) as typeof op & (<V extends Value>(x: V, widths: readonly number[], value?: number) => V)
