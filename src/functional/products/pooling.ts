/** Pooling: the largest element or the mean of every window of a picture. */

import { checkOptions, DTypeError } from '../../errors/index.ts'
import { avgPool2d as windowSum } from '../../ops/contract/index.ts'
import { allocate, isFloating, requireFloating } from '../../ops/dtype.ts'
import { add, div, eq, ge, logicalAnd, lt, mul, remainder, sub, toInt32, where } from '../../ops/elementwise/index.ts'
import { attains } from '../../ops/reduce/extreme.ts'
import { amin, sum } from '../../ops/reduce/index.ts'
import { peak } from '../../ops/reduce/peak.ts'
import { argmax } from '../../ops/routine/argmax.ts'
import { gather } from '../../ops/routine/gather.ts'
import { sizeOf } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/index.ts'
import { windows } from '../../ops/view/windows.ts'
import { composite, fromArray, ones, type Tensor, tracing, withoutRecording } from '../../tensor/index.ts'
import { type Frame, frameOf } from './frame.ts'
import { border, type PerDimension } from './options.ts'

export interface MaxPoolOptions {
  /** How far the window moves; the kernel's size unless given. */
  readonly stride?: PerDimension
  /** A border of -∞ on both sides, at most half the kernel; 0 unless given. */
  readonly padding?: PerDimension
  readonly dilation?: PerDimension
  /** Windows may reach over the end, so that no element is left out. */
  readonly ceilMode?: boolean
}

export interface AvgPoolOptions {
  readonly stride?: PerDimension
  /** A border of zeros on both sides, at most half the kernel; 0 unless given. */
  readonly padding?: PerDimension
  /** Whether elements of the border count; true unless given. */
  readonly countIncludePad?: boolean
  readonly ceilMode?: boolean
}

/**
 * The largest element of every window; NaN is larger than all. Its gradient goes to the first such element.
 * @param x [batch, channels, height, width], or without the batch; @param kernel a number or [height, width].
 * @throws ShapeError where the kernel does not fit, ArgumentError where an option is wrong.
 * @example maxPool2d(tensor([[[1, 2], [3, 4]]]), 2) // [[[4]]]
 */
export const maxPool2d = composite(
  'maxPool2d',
  (x: Tensor, kernel: PerDimension, options: MaxPoolOptions = {}): Tensor => {
    checkOptions('maxPool2d', options, ['stride', 'padding', 'dilation', 'ceilMode'])
    const frame = frameOf('maxPool2d', x, kernel, options)
    if (x.dtype === 'bool') throw new DTypeError("maxPool2d: flags have no order; convert first: x.to('int32')")
    if (tracing.tracer) return selectMaximum(x, frame)
    const lead = x.shape.slice(0, -2)
    const places = withoutRecording(() => placesOfMaximum(x, frame))
    const picked = gather(
      reshape(x, [...lead, sizeOf(frame.size)]),
      -1,
      reshape(places, [...lead, sizeOf(frame.count)]),
    )
    return reshape(picked, [...lead, ...frame.count])
  },
)

/**
 * The same by reductions over the windows alone, which a compiler fuses into one loop; run one by one they take twice as
 * long as picking by place. A window's first maximum is the one of the lowest rank among those that attain it.
 */
function selectMaximum(x: Tensor, frame: Frame): Tensor {
  const seen = windowsOf(x, frame)
  const first = withoutRecording(() => {
    const attained = attains(seen, peak(seen, [-2, -1], { keepdim: true }))
    const rank = where(attained, ranks(frame), 2 * sizeOf(frame.kernel))
    return eq(rank, amin(rank, [-2, -1], { keepdim: true }))
  })
  return sum(where(first, seen, 0), [-2, -1])
}

const windowsOf = (x: Tensor, { kernel, stride, dilation, before, after }: Frame): Tensor =>
  windows(border(x, before, after, isFloating(x.dtype) ? -Infinity : -(2 ** 31)), { kernel, stride, dilation })

/** Elements of a window in row-major order, those of the border behind all others; shaped to broadcast. */
function ranks({ kernel, stride, dilation, size, count, before, after }: Frame): Tensor {
  const inside = (i: number, k: number, d: 0 | 1): boolean => {
    const place = i * stride[d] + k * dilation[d] - before[d]
    return place >= 0 && place < size[d]
  }
  const shape = [...before, ...after].every((w) => w <= 0) ? kernel : [...count, ...kernel]
  const [rows, columns] = shape === kernel ? [1, 1] : count
  const table = new Float32Array(sizeOf(shape))
  let next = 0
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      for (let k = 0; k < kernel[0]; k++) {
        for (let l = 0; l < kernel[1]; l++) {
          const behind = shape !== kernel && !(inside(r, k, 0) && inside(c, l, 1))
          table[next++] = k * kernel[1] + l + (behind ? sizeOf(kernel) : 0)
        }
      }
    }
  }
  return fromArray(table, shape, 'float32')
}

/** The row-major place within the picture of each window's first maximum. */
function placesOfMaximum(x: Tensor, frame: Frame): Tensor {
  const { kernel, dilation, size, before, after } = frame
  const seen = windowsOf(x, frame)
  const index = argmax(reshape(seen, [...seen.shape.slice(0, -2), sizeOf(kernel)]), -1)
  const column = remainder(index, kernel[1])
  const row = toInt32(div(sub(index, column), kernel[1]))
  const [y, x0] = [add(mul(row, dilation[0]), starts(frame, 0)), add(mul(column, dilation[1]), starts(frame, 1))]
  const place = add(mul(y, size[1]), x0)
  if ([...before, ...after].every((w) => w <= 0)) return place
  // A window of nothing but -∞ finds the border first; its own first element is as large.
  const inside = [ge(y, 0), lt(y, size[0]), ge(x0, 0), lt(x0, size[1])].reduce((a, b) => logicalAnd(a, b))
  return where(inside, place, add(mul(starts(frame, 0, true), size[1]), starts(frame, 1, true)))
}

/** Row (or column) of each window's first element, or of its first one within the picture; shaped to broadcast. */
function starts({ count, stride, dilation, before }: Frame, d: 0 | 1, within = false): Tensor {
  const first = (i: number) => {
    const start = i * stride[d] - before[d]
    return within && start < 0 ? start + Math.ceil(-start / dilation[d]) * dilation[d] : start
  }
  return fromArray(
    Int32Array.from({ length: count[d] }, (_, i) => first(i)),
    d === 0 ? [count[0], 1] : [count[1]],
    'int32',
  )
}

/**
 * The mean of every window.
 * @param x [batch, channels, height, width], or without the batch; @param kernel a number or [height, width].
 * @throws ShapeError where the kernel does not fit, ArgumentError where an option is wrong, DTypeError for integers.
 * @example avgPool2d(tensor([[[1, 2], [3, 4]]]), 2) // [[[2.5]]]
 */
export const avgPool2d = composite(
  'avgPool2d',
  (x: Tensor, kernel: PerDimension, options: AvgPoolOptions = {}): Tensor => {
    checkOptions('avgPool2d', options, ['stride', 'padding', 'countIncludePad', 'ceilMode'])
    const frame = frameOf('avgPool2d', x, kernel, options)
    requireFloating('avgPool2d', x.dtype)
    const { kernel: sizes, stride, dilation, before, after } = frame
    const seen = windows(border(x, before, after), { kernel: sizes, stride, dilation })
    const n = x.shape.length === 4 ? 'n' : ''
    const sums = windowSum(seen, ones(sizes, { dtype: x.dtype }), `${n}chwyx,yx->${n}chw`)
    return div(sums, divisors(x, frame, options.countIncludePad ?? true))
  },
)

/** How many elements each window counts: a number where all count the same. */
function divisors(x: Tensor, { kernel, stride, size, count, before }: Frame, border: boolean): Tensor | number {
  const [rows, columns] = [0, 1].map((d) =>
    Array.from({ length: count[d] }, (_, i) => {
      const start = i * stride[d] - before[d]
      const end = Math.min(start + kernel[d], size[d] + before[d])
      return border ? end - start : Math.min(end, size[d]) - Math.max(start, 0)
    }),
  )
  if ([rows, columns].every((counts) => counts.every((n) => n === counts[0]))) return rows[0] * columns[0]
  const table = allocate(x.dtype, rows.length * columns.length)
  table.set(rows.flatMap((r) => columns.map((c) => r * c)))
  return fromArray(table, count, x.dtype)
}
