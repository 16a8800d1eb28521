/** A border around the last dimensions: the transpose of a slice, with a value where no element lands. */
import { ArgumentError, checkOptions, DTypeError, ShapeError } from '../../errors/index.ts'
import { shown } from '../arguments.ts'
import { isFloating } from '../dtype.ts'
import { apply, type Op } from '../kinds/op.ts'
import { transposeOf } from '../kinds/view.ts'
import { shapeText } from '../shape.ts'
import type { Attrs, Value } from '../value.ts'
import { liftRanges, type Ranges, slice, sliceLayout } from './slice.ts'

const op = transposeOf(
  'slice',
  slice,
  (a, x) => sliceLayout(a as Ranges, x),
  (a, n) => liftRanges(a as Ranges, n),
  'pad',
)

export interface PadOptions {
  /** What the border is made of; 0 unless given. */
  readonly value?: number
}

type Pad = <V extends Value>(x: V, widths: readonly number[], value?: number | PadOptions) => V

/**
 * x with a border. `widths` are PyTorch's: before and after the last dimension, then the one before it, ...; negative
 * widths crop.
 * @throws ArgumentError where widths are not pairs of integers, ShapeError where cropping leaves less than nothing.
 * @example pad(tensor([1, 2]), [1, 0]) // [0, 1, 2]
 */
export const pad = Object.defineProperties(
  <V extends Value>(x: V, widths: readonly number[], value: number | PadOptions = 0): V => {
    if (typeof x?.applyOp !== 'function') return apply(op as Op, [x], {})
    const { before, after, shape } = borders(x, widths)
    const crop = (w: number) => Math.max(0, -w)
    const kept = slice(x, {
      start: before.map(crop),
      step: x.shape.map(() => 1),
      size: x.shape.map((n, d) => n - crop(before[d]) - crop(after[d])),
    })
    const of: Attrs = { start: before.map((w) => Math.max(0, w)), step: shape.map(() => 1), size: kept.shape }
    return apply(op as Op, [kept], { of, shape, fill: fillOf(x, value) }) as V
  },
  Object.getOwnPropertyDescriptors(op),
) as typeof op & Pad

function borders(x: Value, widths: readonly number[]) {
  const rank = x.shape.length
  const pairs = Array.isArray(widths) && widths.length % 2 === 0 && widths.length <= 2 * rank
  if (!pairs || widths.some((w) => !Number.isInteger(w))) {
    throw new ArgumentError(
      `pad: widths are an array of pairs of integers, at most ${rank} for ${shapeText(x.shape)}, got ${shown(widths)}`,
    )
  }
  const before = x.shape.map((_, d) => widths[2 * (rank - 1 - d)] ?? 0)
  const after = x.shape.map((_, d) => widths[2 * (rank - 1 - d) + 1] ?? 0)
  const shape = x.shape.map((n, d) => n + before[d] + after[d])
  // A crop wider than the tensor would take elements of the border instead.
  if (x.shape.some((n, d) => n + Math.min(before[d], 0) + Math.min(after[d], 0) < 0)) {
    throw new ShapeError(
      `pad: cropping leaves less than nothing of ${shapeText(x.shape)}: widths [${widths.join(', ')}]`,
    )
  }
  return { before, after, shape }
}

function fillOf(x: Value, given: number | PadOptions): number {
  if (typeof given !== 'number') checkOptions('pad', given, ['value'])
  const { value = 0 } = typeof given === 'number' ? { value: given } : given
  if (typeof value !== 'number') throw new ArgumentError(`pad: value must be a number, got ${shown(value)}`)
  if (!isFloating(x.dtype) && !Number.isInteger(value)) {
    throw new DTypeError(`pad: ${value} does not fit into a border of ${x.dtype}; convert first: x.to('float32')`)
  }
  return value
}
