/** Pooling layers: functions of `functional/` that remember their options. */
import { ArgumentError, checkOptions } from '../errors/index.ts'
import {
  type AvgPoolOptions,
  adaptiveAvgPool2d,
  avgPool2d,
  type MaxPoolOptions,
  maxPool2d,
  type PerDimension,
} from '../functional/products/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { Module } from './module.ts'
import { requireKernel, requireSizes, settingsText, shown } from './settings.ts'

/** The largest element of every window. @example new nn.MaxPool2d(2).forward(ones([1, 1, 4, 4])).shape // [1, 1, 2, 2] */
export class MaxPool2d extends Module {
  readonly kernelSize: PerDimension
  readonly options: MaxPoolOptions

  constructor(kernelSize: PerDimension, options: MaxPoolOptions = {}) {
    super()
    checkOptions('MaxPool2d', options, ['stride', 'padding', 'dilation', 'ceilMode'])
    requireKernel('MaxPool2d', 'kernelSize', kernelSize, 2)
    this.kernelSize = kernelSize
    this.options = options
  }

  forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.options)
  }

  override extraRepr(): string {
    return settingsText({ kernelSize: this.kernelSize, ...this.options })
  }
}

/** The mean of every window. @example new nn.AvgPool2d(2).forward(ones([1, 1, 2, 2])) // [[[[1]]]] */
export class AvgPool2d extends Module {
  readonly kernelSize: PerDimension
  readonly options: AvgPoolOptions

  constructor(kernelSize: PerDimension, options: AvgPoolOptions = {}) {
    super()
    checkOptions('AvgPool2d', options, ['stride', 'padding', 'ceilMode', 'countIncludePad'])
    requireKernel('AvgPool2d', 'kernelSize', kernelSize, 2)
    this.kernelSize = kernelSize
    this.options = options
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options)
  }

  override extraRepr(): string {
    return settingsText({ kernelSize: this.kernelSize, ...this.options })
  }
}

/** Means over a grid of the given size. @example new nn.AdaptiveAvgPool2d(1).forward(ones([1, 2, 5, 3])).shape // [1, 2, 1, 1] */
export class AdaptiveAvgPool2d extends Module {
  readonly outputSize: number | readonly (number | null)[]

  constructor(outputSize: number | readonly (number | null)[]) {
    super()
    const sizes = typeof outputSize === 'number' ? [outputSize, outputSize] : outputSize
    if (!Array.isArray(sizes) || sizes.length !== 2)
      throw new ArgumentError(`AdaptiveAvgPool2d: outputSize must be a number or two of them, got ${shown(outputSize)}`)
    requireSizes('AdaptiveAvgPool2d', { height: sizes[0] ?? 1, width: sizes[1] ?? 1 })
    this.outputSize = outputSize
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize)
  }

  override extraRepr(): string {
    return settingsText({ outputSize: this.outputSize })
  }
}
