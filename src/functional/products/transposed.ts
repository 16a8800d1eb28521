/** The transpose of a convolution: every input element spreads the weight over the output, where overlaps add up. */

import { ArgumentError, checkOptions, ShapeError } from '../../errors/index.ts'
import { convTranspose2d as product } from '../../ops/contract/index.ts'
import { apply, type Op } from '../../ops/kinds/op.ts'
import { shapeText } from '../../ops/shape.ts'
import { overlapAdd } from '../../ops/view/windows.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { checkChannels, checkConvolution, withBias } from './convolution.ts'
import { border, grouped, type PerDimension, perDimension, ungrouped } from './options.ts'

export interface ConvTransposeOptions {
  /** How far apart the copies of the weight lie; 1 unless given. */
  readonly stride?: PerDimension
  /** Rows and columns cut off on both sides, what a convolution with this padding would have added; 0 unless given. */
  readonly padding?: PerDimension
  /** Rows and columns added at the end, to reach a size that a strided convolution maps to the same input; 0 unless given. */
  readonly outputPadding?: PerDimension
  readonly dilation?: PerDimension
  readonly groups?: number
}

/**
 * y[n, o, i·stride + k·dilation - padding, ...] = b[o] + Σ x[n, c, i, j] w[c, o, k, l]: the transpose of conv2d.
 * @param x [batch, channels, height, width], or without the batch; @param weight [channels, out / groups, kh, kw];
 * @param bias [out] or null.
 * @returns [batch, out, (height - 1)·stride - 2·padding + dilation·(kh - 1) + outputPadding + 1, ...]
 * @throws ShapeError where channels or groups do not fit, ArgumentError where an option is wrong.
 * @example convTranspose2d(ones([1, 1, 2]), ones([1, 1, 1, 2])) // [[[1, 2, 1]]]
 */
export const convTranspose2d = composite(
  'convTranspose2d',
  (x: Tensor, weight: Tensor, bias?: Tensor | null, options: ConvTransposeOptions = {}): Tensor => {
    const name = 'convTranspose2d'
    checkOptions(name, options, ['stride', 'padding', 'outputPadding', 'dilation', 'groups'])
    const groups = checkConvolution(name, x, weight, bias, 2, options.groups, 1)
    const of = (option: 'stride' | 'dilation' | 'padding' | 'outputPadding', least: number) =>
      perDimension(name, option, options[option] ?? least, 2, least)
    const [stride, dilation, padding, extra] = [
      of('stride', 1),
      of('dilation', 1),
      of('padding', 0),
      of('outputPadding', 0),
    ]
    if (extra.some((e, i) => e >= Math.max(stride[i], dilation[i]))) {
      throw new ArgumentError(`${name}: outputPadding [${extra.join(', ')}] must be smaller than stride or dilation`)
    }
    const channels = x.shape.length - 3
    checkChannels(name, x, weight, x.shape[channels], weight.shape[0])
    const [n, g] = [channels === 1 ? 'n' : '', groups === 1 ? '' : 'g']
    const input = groups === 1 ? x : grouped(x, groups, channels)
    const filters = groups === 1 ? weight : grouped(weight, groups, 0)
    const copies = product(input, filters, `${n}${g}chw,${g}coyx->${n}${g}ohwyx`)
    const kernel = weight.shape.slice(2)
    const size = kernel.map((k, i) =>
      Math.max(0, (x.shape[channels + 1 + i] - 1) * stride[i] + dilation[i] * (k - 1) + 1),
    )
    const left = size.map((s, i) => s + extra[i] - 2 * padding[i])
    if (left.some((s) => s < 0)) {
      throw new ShapeError(
        `${name}: padding ${shapeText(padding)} cuts ${shapeText(size)} down to ${shapeText(left)}; use less padding`,
      )
    }
    const shape = [...copies.shape.slice(0, -4), ...size]
    const summed: Tensor = apply(overlapAdd as Op, [copies], { of: { kernel, stride, dilation }, shape })
    const cut = border(
      groups === 1 ? summed : ungrouped(summed, channels),
      padding.map((p) => -p),
      padding.map((p, i) => extra[i] - p),
    )
    return withBias(cut, bias, 2)
  },
)
