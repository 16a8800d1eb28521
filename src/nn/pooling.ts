/** Pooling layers: functions of `functional/` that remember their options. */
import { checkOptions } from '../errors/index.ts'
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
import { settingsText } from './settings.ts'

/** The largest element of every window. @example new nn.MaxPool2d(2).forward(ones([1, 1, 4, 4])).shape // [1, 1, 2, 2] */
export class MaxPool2d extends Module {
  readonly kernelSize: PerDimension
  readonly options: MaxPoolOptions

  constructor(kernelSize: PerDimension, options: MaxPoolOptions = {}) {
    super()
    checkOptions('MaxPool2d', options, ['stride', 'padding', 'dilation', 'ceilMode'])
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
    this.outputSize = outputSize
  }

  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize)
  }

  override extraRepr(): string {
    return settingsText({ outputSize: this.outputSize })
  }
}
