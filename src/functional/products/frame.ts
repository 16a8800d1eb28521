/** Where the windows of a pooling lie: sizes, borders and the number of positions, from options that are checked here. */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { shapeText } from '../../ops/shape.ts'
import type { Window } from '../../ops/view/windows.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'
import { type PerDimension, perDimension } from './options.ts'

export interface Frame extends Window {
  /** The spatial sizes of the input and of the output. */
  readonly size: readonly number[]
  readonly count: readonly number[]
  /** The border: what the options say before, as much as the last window needs after. */
  readonly before: readonly number[]
  readonly after: readonly number[]
}

interface FrameOptions {
  readonly stride?: PerDimension
  readonly padding?: PerDimension
  readonly dilation?: PerDimension
  readonly ceilMode?: boolean
}

export function frameOf(name: string, x: Tensor, kernelSize: PerDimension, options: FrameOptions): Frame {
  requireTensor(name, x, 'the input')
  if (x.shape.length !== 3 && x.shape.length !== 4) {
    throw new ShapeError(
      `${name}: the input is [batch, channels, height, width] or [channels, height, width], got ${shapeText(x.shape)}`,
    )
  }
  const kernel = perDimension(name, 'the kernel', kernelSize, 2, 1)
  const stride = perDimension(name, 'stride', options.stride ?? kernel, 2, 1)
  const dilation = perDimension(name, 'dilation', options.dilation ?? 1, 2, 1)
  const before = perDimension(name, 'padding', options.padding ?? 0, 2, 0)
  const extent = kernel.map((k, i) => dilation[i] * (k - 1) + 1)
  if (before.some((p, i) => p > extent[i] / 2)) {
    throw new ArgumentError(
      `${name}: padding ${shapeText(before)} must be at most half of the kernel, which spans ${shapeText(extent)}`,
    )
  }
  const size = x.shape.slice(-2)
  const count = size.map((n, i) => positions(n, before[i], extent[i], stride[i], options.ceilMode ?? false))
  if (count.some((n) => n < 1)) {
    throw new ShapeError(
      `${name}: a kernel that spans ${shapeText(extent)} does not fit into ${shapeText(x.shape)} with padding ${shapeText(before)}; use a smaller kernel or more padding`,
    )
  }
  const needed = count.map((n, i) => (n - 1) * stride[i] + extent[i] - size[i] - before[i])
  return { kernel, stride, dilation, size, count, before, after: needed }
}

/** As PyTorch counts them: with ceilMode one more may reach over the end, if it starts before the border there. */
function positions(n: number, padding: number, extent: number, stride: number, ceil: boolean): number {
  const steps = (n + 2 * padding - extent) / stride
  if (!ceil) return Math.floor(steps) + 1
  const most = Math.ceil(steps) + 1
  return (most - 1) * stride >= n + padding ? most - 1 : most
}
