/** Convolutions over sequences and pictures, and the transposed one. */
import { ArgumentError, checkOptions } from '../errors/index.ts'
import {
  type ConvOptions,
  type ConvTransposeOptions,
  conv1d,
  conv2d,
  convTranspose2d,
  type PerDimension,
} from '../functional/products/index.ts'
import { sizeOf } from '../ops/shape.ts'
import type { DType } from '../ops/value.ts'
import { type Tensor, zeros } from '../tensor/index.ts'
import { startAffine } from './linear.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import { requireFlags, requireKernel, requireSizes, settingsText } from './settings.ts'

interface LayerOptions {
  /** Whether a bias per output channel is added; true unless given. */
  readonly bias?: boolean
  readonly dtype?: DType
}

export type ConvLayerOptions = ConvOptions & LayerOptions
export type ConvTransposeLayerOptions = ConvTransposeOptions & LayerOptions

/** What convolutions have in common: a weight of two dimensions of channels and then the kernel's. */
abstract class Convolution<O extends { readonly groups?: number }> extends Module {
  readonly inChannels: number
  readonly outChannels: number
  readonly kernelSize: readonly number[]
  readonly options: O
  weight: Parameter
  bias: Parameter | null

  constructor(
    inChannels: number,
    outChannels: number,
    kernel: PerDimension,
    rank: number,
    transposed: boolean,
    options: O & LayerOptions,
  ) {
    super()
    const name = this.constructor.name
    const known = ['stride', 'padding', 'dilation', 'groups', 'bias', 'dtype', ...(transposed ? ['outputPadding'] : [])]
    checkOptions(name, options, known)
    const { bias = true, dtype, ...rest } = options
    const groups = options.groups ?? 1
    requireSizes(name, { inChannels, outChannels, groups })
    requireFlags(name, { bias })
    this.kernelSize = requireKernel(name, 'kernelSize', kernel, rank)
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ArgumentError(
        `${name}: groups ${groups} must divide both ${inChannels} input and ${outChannels} output channels`,
      )
    }
    this.inChannels = inChannels
    this.outChannels = outChannels
    this.options = rest as unknown as O
    const channels = transposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups]
    this.weight = new Parameter(zeros([...channels, ...this.kernelSize], { dtype }))
    this.bias = bias ? new Parameter(zeros([outChannels], { dtype })) : null
    startAffine(this.weight, this.bias, channels[1] * sizeOf(this.kernelSize))
  }

  override extraRepr(): string {
    const { inChannels, outChannels, kernelSize, options, bias } = this
    return `${inChannels}, ${outChannels}, ${settingsText({ kernelSize, ...options, bias: bias !== null })}`
  }
}

/**
 * A convolution over [n, in, length]; weight [out, in / groups, kernel].
 * @example new nn.Conv1d(2, 3, 3).forward(ones([1, 2, 5])).shape // [1, 3, 3]
 */
export class Conv1d extends Convolution<ConvOptions> {
  constructor(inChannels: number, outChannels: number, kernel: PerDimension, options: ConvLayerOptions = {}) {
    super(inChannels, outChannels, kernel, 1, false, options)
  }

  forward(x: Tensor): Tensor {
    return conv1d(x, this.weight, this.bias, this.options)
  }
}

/**
 * A convolution over [n, in, height, width]; weight [out, in / groups, kh, kw].
 * @example new nn.Conv2d(1, 2, 3, { padding: 1 }).forward(ones([1, 1, 4, 4])).shape // [1, 2, 4, 4]
 */
export class Conv2d extends Convolution<ConvOptions> {
  constructor(inChannels: number, outChannels: number, kernel: PerDimension, options: ConvLayerOptions = {}) {
    super(inChannels, outChannels, kernel, 2, false, options)
  }

  forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias, this.options)
  }
}

/**
 * The transpose of a convolution, which enlarges pictures; weight [in, out / groups, kh, kw].
 * @example new nn.ConvTranspose2d(1, 1, 2, { stride: 2 }).forward(ones([1, 1, 3, 3])).shape // [1, 1, 6, 6]
 */
export class ConvTranspose2d extends Convolution<ConvTransposeOptions> {
  constructor(inChannels: number, outChannels: number, kernel: PerDimension, options: ConvTransposeLayerOptions = {}) {
    super(inChannels, outChannels, kernel, 2, true, options)
  }

  forward(x: Tensor): Tensor {
    return convTranspose2d(x, this.weight, this.bias, this.options)
  }
}
