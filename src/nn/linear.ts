/** Linear, the layer all others are measured by, and what stands in for a layer or reshapes between two. */
import { checkOptions } from '../errors/index.ts'
import { linear } from '../functional/products/index.ts'
import { flatten } from '../functional/shape/index.ts'
import type { DType } from '../ops/value.ts'
import { type Tensor, zeros } from '../tensor/index.ts'
import { kaimingUniform_, uniform_ } from './init.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import { requireFlags, requireSizes, settings, settingsText } from './settings.ts'

export interface LinearOptions {
  /** Whether a bias is added; true unless given. */
  readonly bias?: boolean
  readonly dtype?: DType
}

/**
 * x Wᵀ + b: [..., in] to [..., out].
 * @example new nn.Linear(3, 2).forward(ones([4, 3])).shape // [4, 2]
 */
export class Linear extends Module {
  readonly inFeatures: number
  readonly outFeatures: number
  /** [out, in] */
  weight: Parameter
  /** [out], or null. */
  bias: Parameter | null

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super()
    checkOptions('Linear', options, ['bias', 'dtype'])
    requireSizes('Linear', { inFeatures, outFeatures })
    const { bias = true, dtype } = options
    requireFlags('Linear', { bias })
    this.inFeatures = inFeatures
    this.outFeatures = outFeatures
    this.weight = new Parameter(zeros([outFeatures, inFeatures], { dtype }))
    this.bias = bias ? new Parameter(zeros([outFeatures], { dtype })) : null
    startAffine(this.weight, this.bias, inFeatures)
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias)
  }

  override extraRepr(): string {
    const { inFeatures, outFeatures, bias } = this
    return settingsText({ inFeatures, outFeatures, bias: bias !== null })
  }
}

/** As PyTorch's layers start: weight and bias uniform in ±1 / √fanIn, which kaimingUniform_ gives for a = √5. */
export function startAffine(weight: Tensor, bias: Tensor | null, fanIn: number): void {
  kaimingUniform_(weight, { a: Math.sqrt(5) })
  if (bias) uniform_(bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn))
}

/** Hands its input on. */
export class Identity extends Module {
  forward(x: Tensor): Tensor {
    return x
  }
}

/**
 * The dimensions from startDim to endDim as one; all but the first unless given.
 * @example new nn.Flatten().forward(ones([2, 3, 4])).shape // [2, 12]
 */
export class Flatten extends Module {
  readonly startDim: number
  readonly endDim: number

  constructor(startDim: number | { readonly startDim?: number; readonly endDim?: number } = {}, endDim?: number) {
    super()
    const dims = settings('Flatten', [startDim, endDim], { startDim: 1, endDim: -1 })
    this.startDim = dims.startDim
    this.endDim = dims.endDim
  }

  forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim)
  }

  override extraRepr(): string {
    return settingsText({ startDim: this.startDim, endDim: this.endDim })
  }
}
