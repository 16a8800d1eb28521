/**
 * Convolutions (cross-correlations, as everywhere in deep learning): a border, a view of all window positions, and one
 * contraction over it. The windows are never copied; the contraction reads them where they overlap.
 */

import { ArgumentError, checkOptions, ShapeError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { conv1d as product1d, conv2d as product2d } from '../../ops/contract/index.ts'
import { add } from '../../ops/elementwise/index.ts'
import { shapeText } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/index.ts'
import { windows } from '../../ops/view/windows.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'
import { border, grouped, type PerDimension, perDimension, ungrouped } from './options.ts'

export interface ConvOptions {
  /** How far the window moves; 1 unless given. */
  readonly stride?: PerDimension
  /** Zeros on both sides; 'same' keeps the size (stride 1), 'valid' is 0. */
  readonly padding?: PerDimension | 'same' | 'valid'
  /** The distance between the elements that a window looks at; 1 unless given. */
  readonly dilation?: PerDimension
  /** Input and output channels are split into so many independent convolutions; 1 unless given. */
  readonly groups?: number
}

/**
 * y[n, o, i] = b[o] + Σ x[n, c, i·stride + k·dilation - padding] w[o, c, k] over c and k.
 * @param x [batch, channels, length], or without the batch; @param weight [out, channels / groups, kernel];
 * @param bias [out] or null.
 * @throws ShapeError where channels, groups or sizes do not fit, ArgumentError where an option is wrong.
 * @example conv1d(tensor([[1, 2, 3]]), tensor([[[1, 1]]])) // [[3, 5]]
 */
export const conv1d = composite(
  'conv1d',
  (x: Tensor, weight: Tensor, bias?: Tensor | null, options: ConvOptions = {}): Tensor =>
    convolve('conv1d', product1d, 'xk', x, weight, bias, options),
)

/**
 * y[n, o, i, j] = b[o] + Σ x[n, c, i·stride + k·dilation - padding, ...] w[o, c, k, l] over c, k and l.
 * @param x [batch, channels, height, width], or without the batch; @param weight [out, channels / groups, kh, kw];
 * @param bias [out] or null.
 * @throws ShapeError where channels, groups or sizes do not fit, ArgumentError where an option is wrong.
 * @example conv2d(ones([1, 3, 3]), ones([1, 1, 2, 2])) // [[[4, 4], [4, 4]]]
 */
export const conv2d = composite(
  'conv2d',
  (x: Tensor, weight: Tensor, bias?: Tensor | null, options: ConvOptions = {}): Tensor =>
    convolve('conv2d', product2d, 'hwyx', x, weight, bias, options),
)

type Product = (a: Tensor, b: Tensor, indices: string) => Tensor

/** `letters` are those of the window positions and of the kernel. */
function convolve(
  name: string,
  product: Product,
  letters: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  options: ConvOptions,
): Tensor {
  const rank = letters.length / 2
  checkOptions(name, options, ['stride', 'padding', 'dilation', 'groups'])
  const groups = checkConvolution(name, x, weight, bias, rank, options.groups, 0)
  const stride = perDimension(name, 'stride', options.stride ?? 1, rank, 1)
  const dilation = perDimension(name, 'dilation', options.dilation ?? 1, rank, 1)
  const channels = x.shape.length - rank - 1
  const kernel = weight.shape.slice(2)
  checkChannels(name, x, weight, x.shape[channels], weight.shape[1] * groups)
  const extent = kernel.map((k, i) => dilation[i] * (k - 1) + 1)
  const [before, after] = paddingOf(name, options.padding ?? 0, stride, extent)
  const whole = border(x, before, after)
  if (extent.some((n, i) => n > whole.shape[channels + 1 + i])) {
    throw new ShapeError(
      `${name}: a kernel that spans ${shapeText(extent)} does not fit into an input ${shapeText(whole.shape.slice(-rank))} (padding included); use a smaller kernel or more padding`,
    )
  }
  const seen = windows(groups === 1 ? whole : grouped(whole, groups, channels), { kernel, stride, dilation })
  const [n, g, place, inside] = [
    channels === 1 ? 'n' : '',
    groups === 1 ? '' : 'g',
    letters.slice(0, rank),
    letters.slice(rank),
  ]
  const filters = groups === 1 ? weight : grouped(weight, groups, 0)
  const y = product(seen, filters, `${n}${g}c${place}${inside},${g}oc${inside}->${n}${g}o${place}`)
  return withBias(groups === 1 ? y : ungrouped(y, channels), bias, rank)
}

/** Per dimension, the zeros before and after; what 'same' needs is split evenly, the odd one after. */
function paddingOf(
  name: string,
  padding: Required<ConvOptions>['padding'],
  stride: readonly number[],
  extent: readonly number[],
) {
  if (padding === 'same') {
    if (stride.some((s) => s !== 1))
      throw new ArgumentError(`${name}: padding 'same' needs a stride of 1, got ${shapeText(stride)}`)
    const before = extent.map((n) => Math.floor((n - 1) / 2))
    return [before, extent.map((n, i) => n - 1 - before[i])]
  }
  if (typeof padding === 'string' && padding !== 'valid') {
    throw new ArgumentError(`${name}: padding must be numbers, 'same' or 'valid', got ${shown(padding)}`)
  }
  const both = perDimension(name, 'padding', padding === 'valid' ? 0 : padding, extent.length, 0)
  return [both, both]
}

/** Ranks, groups and bias; `dim` is the dimension of the weight that holds the groups. Returns the number of groups. */
export function checkConvolution(
  name: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  rank: number,
  groups: number = 1,
  dim: 0 | 1,
): number {
  requireTensor(name, x, 'the input')
  requireTensor(name, weight, 'the weight')
  const spatial = ['height', 'width']
    .slice(2 - rank)
    .join(', ')
    .replace(/^width$/, 'length')
  if (x.shape.length !== rank + 1 && x.shape.length !== rank + 2) {
    throw new ShapeError(
      `${name}: the input is [batch, channels, ${spatial}] or [channels, ${spatial}], got ${shapeText(x.shape)}`,
    )
  }
  if (weight.shape.length !== rank + 2 || weight.shape.slice(2).includes(0)) {
    throw new ShapeError(
      `${name}: the weight has ${rank + 2} dimensions and a kernel of at least 1, got ${shapeText(weight.shape)}`,
    )
  }
  if (!Number.isInteger(groups) || groups < 1)
    throw new ArgumentError(`${name}: groups must be a positive integer, got ${shown(groups)}`)
  if (weight.shape[0] % groups !== 0) {
    throw new ShapeError(
      `${name}: ${groups} groups do not divide the ${weight.shape[0]} channels of the weight ${shapeText(weight.shape)}`,
    )
  }
  if (bias === undefined || bias === null) return groups
  requireTensor(name, bias, 'the bias (null for none, options come fourth)')
  const out = dim === 0 ? weight.shape[0] : weight.shape[1] * groups
  if (bias.shape.length !== 1 || bias.shape[0] !== out) {
    throw new ShapeError(`${name}: the bias must be [${out}], one per output channel, got ${shapeText(bias.shape)}`)
  }
  return groups
}

export function checkChannels(name: string, x: Tensor, weight: Tensor, given: number, taken: number): void {
  if (given === taken) return
  throw new ShapeError(
    `${name}: the input ${shapeText(x.shape)} has ${given} channels, the weight ${shapeText(weight.shape)} takes ${taken} (all groups together)`,
  )
}

/** The bias stands for every place: [out] as [out, 1, 1]. */
export function withBias(y: Tensor, bias: Tensor | null | undefined, rank: number): Tensor {
  return bias ? add(y, reshape(bias, [bias.shape[0], ...new Array<number>(rank).fill(1)])) : y
}
