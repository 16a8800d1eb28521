/** Layers that normalise and then scale by learnt factors; batch norms also learn the statistics of what they see. */
import { ArgumentError, checkOptions, ShapeError } from '../errors/index.ts'
import { batchNorm, groupNorm, layerNorm, rmsNorm } from '../functional/normalization.ts'
import { add, castTo, div } from '../ops/elementwise/index.ts'
import { shapeText } from '../ops/shape.ts'
import type { DType } from '../ops/value.ts'
import { add_, ones, type Tensor, tensor, withoutRecording, zeros } from '../tensor/index.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import { requireFlags, requireNonNegative, requireSizes, settingsText, shown } from './settings.ts'

const onesParameter = (shape: readonly number[], dtype?: DType) => new Parameter(ones(shape, { dtype }))
const zerosParameter = (shape: readonly number[], dtype?: DType) => new Parameter(zeros(shape, { dtype }))

function sizesOf(name: string, shape: number | readonly number[]): readonly number[] {
  if (typeof shape !== 'number' && !Array.isArray(shape))
    throw new ArgumentError(`${name}: normalizedShape must be a number or an array of them, got ${shown(shape)}`)
  const sizes = typeof shape === 'number' ? [shape] : [...shape]
  requireSizes(name, Object.fromEntries(sizes.map((n, i) => [`size ${i}`, n])))
  if (sizes.length === 0) throw new ArgumentError(`${name}: needs the sizes of at least one dimension`)
  return sizes
}

export interface LayerNormOptions {
  readonly eps?: number
  readonly elementwiseAffine?: boolean
  /** Whether there is a bias besides the weight; true unless given. */
  readonly bias?: boolean
  readonly dtype?: DType
}

/**
 * Mean 0 and variance 1 over the last dimensions, then weight and bias per element. eps is 1e-5 unless given.
 * @example new nn.LayerNorm([2]).forward(tensor([[1, 3]])) // [[-1, 1]]
 */
export class LayerNorm extends Module {
  readonly normalizedShape: readonly number[]
  readonly eps: number
  weight: Parameter | null
  bias: Parameter | null

  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super()
    checkOptions('LayerNorm', options, ['eps', 'elementwiseAffine', 'bias', 'dtype'])
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype } = options
    requireFlags('LayerNorm', { elementwiseAffine, bias })
    requireNonNegative('LayerNorm', { eps })
    this.normalizedShape = sizesOf('LayerNorm', normalizedShape)
    this.eps = eps
    this.weight = elementwiseAffine ? onesParameter(this.normalizedShape, dtype) : null
    this.bias = elementwiseAffine && bias ? zerosParameter(this.normalizedShape, dtype) : null
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this.weight, this.bias, { eps: this.eps })
  }

  override extraRepr(): string {
    return `${shapeText(this.normalizedShape)}, ${settingsText({ eps: this.eps, elementwiseAffine: this.weight !== null })}`
  }
}

/**
 * Mean square 1 over the last dimensions, then a weight per element. eps is that of the dtype unless given.
 * @example new nn.RMSNorm([2]).forward(tensor([[1, 7]])) // [[0.2, 1.4]]
 */
export class RMSNorm extends Module {
  readonly normalizedShape: readonly number[]
  readonly eps: number | undefined
  weight: Parameter | null

  constructor(normalizedShape: number | readonly number[], options: Omit<LayerNormOptions, 'bias'> = {}) {
    super()
    checkOptions('RMSNorm', options, ['eps', 'elementwiseAffine', 'dtype'])
    const { eps, elementwiseAffine = true, dtype } = options
    requireFlags('RMSNorm', { elementwiseAffine })
    requireNonNegative('RMSNorm', eps === undefined ? {} : { eps })
    this.normalizedShape = sizesOf('RMSNorm', normalizedShape)
    this.eps = eps
    this.weight = elementwiseAffine ? onesParameter(this.normalizedShape, dtype) : null
  }

  forward(x: Tensor): Tensor {
    return rmsNorm(x, this.normalizedShape, this.weight, { eps: this.eps })
  }

  override extraRepr(): string {
    return `${shapeText(this.normalizedShape)}, ${settingsText({ eps: this.eps, elementwiseAffine: this.weight !== null })}`
  }
}

export interface GroupNormOptions {
  readonly eps?: number
  readonly affine?: boolean
  readonly dtype?: DType
}

/**
 * Mean 0 and variance 1 per sample and group of channels, then weight and bias per channel. eps is 1e-5 unless given.
 * @example new nn.GroupNorm(1, 2).forward(tensor([[1, 3]])) // [[-1, 1]]
 */
export class GroupNorm extends Module {
  readonly numGroups: number
  readonly numChannels: number
  readonly eps: number
  weight: Parameter | null
  bias: Parameter | null

  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    super()
    checkOptions('GroupNorm', options, ['eps', 'affine', 'dtype'])
    requireSizes('GroupNorm', { numGroups, numChannels })
    if (numChannels % numGroups !== 0)
      throw new ArgumentError(`GroupNorm: ${numGroups} groups do not divide ${numChannels} channels`)
    const { eps = 1e-5, affine = true, dtype } = options
    requireFlags('GroupNorm', { affine })
    requireNonNegative('GroupNorm', { eps })
    this.numGroups = numGroups
    this.numChannels = numChannels
    this.eps = eps
    this.weight = affine ? onesParameter([numChannels], dtype) : null
    this.bias = affine ? zerosParameter([numChannels], dtype) : null
  }

  forward(x: Tensor): Tensor {
    if (x.shape[1] !== this.numChannels)
      throw new ShapeError(`GroupNorm: takes [n, ${this.numChannels}, ...], got ${shapeText(x.shape)}`)
    return groupNorm(x, this.numGroups, this.weight, this.bias, { eps: this.eps })
  }

  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, ${settingsText({ eps: this.eps, affine: this.weight !== null })}`
  }
}

export interface BatchNormLayerOptions extends GroupNormOptions {
  /** The share of a batch in the running statistics; 0.1 unless given, null for the mean over all batches so far. */
  readonly momentum?: number | null
  /** Whether to keep running statistics for evaluation; true unless given. */
  readonly trackRunningStats?: boolean
}

abstract class BatchNorm extends Module {
  readonly numFeatures: number
  readonly eps: number
  readonly momentum: number | null
  weight: Parameter | null
  bias: Parameter | null
  declare runningMean: Tensor | null
  declare runningVar: Tensor | null
  declare numBatchesTracked: Tensor | null

  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super()
    const name = this.constructor.name
    checkOptions(name, options, ['eps', 'momentum', 'affine', 'trackRunningStats', 'dtype'])
    requireSizes(name, { numFeatures })
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats: track = true, dtype } = options
    requireFlags(name, { affine, trackRunningStats: track })
    requireNonNegative(name, momentum === null ? { eps } : { eps, momentum })
    this.numFeatures = numFeatures
    this.eps = eps
    this.momentum = momentum
    this.weight = affine ? onesParameter([numFeatures], dtype) : null
    this.bias = affine ? zerosParameter([numFeatures], dtype) : null
    this.registerBuffer('runningMean', track ? zeros([numFeatures], { dtype }) : null)
    this.registerBuffer('runningVar', track ? ones([numFeatures], { dtype }) : null)
    this.registerBuffer('numBatchesTracked', track ? tensor(0, { dtype: 'int32' }) : null)
  }

  protected abstract readonly ranks: readonly number[]

  forward(x: Tensor): Tensor {
    const { weight, bias, runningMean, runningVar, numBatchesTracked: batches, training, eps } = this
    if (!this.ranks.includes(x.ndim) || x.shape[1] !== this.numFeatures) {
      throw new ShapeError(
        `${this.constructor.name}: takes [n, ${this.numFeatures}, ...] with ${this.ranks.join(' or ')} dimensions, got ${shapeText(x.shape)}`,
      )
    }
    if (!training || !batches) return batchNorm(x, runningMean, runningVar, weight, bias, { training, eps })
    // Of n batches the last has the share 1 / n.
    const share = this.momentum ?? withoutRecording(() => div(1, castTo(add(batches, 1), runningMean!.dtype)))
    const y = batchNorm(x, runningMean, runningVar, weight, bias, { training, eps, momentum: share })
    withoutRecording(() => add_(batches, 1))
    return y
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, weight, runningMean } = this
    return `${numFeatures}, ${settingsText({ eps, momentum, affine: weight !== null, trackRunningStats: runningMean !== null })}`
  }
}

/** Normalises each feature of [n, features] or [n, features, length] over the batch. */
export class BatchNorm1d extends BatchNorm {
  protected get ranks(): readonly number[] {
    return [2, 3]
  }
}

/** Normalises each channel of [n, channels, height, width] over the batch. */
export class BatchNorm2d extends BatchNorm {
  protected get ranks(): readonly number[] {
    return [4]
  }
}
