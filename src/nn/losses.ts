/** Losses as modules: the functions with their options remembered. Tensors among the options are buffers, as in PyTorch. */
import { checkOptions } from '../errors/index.ts'
import * as f from '../functional/losses/index.ts'
import { Tensor } from '../tensor/index.ts'
import { Module } from './module.ts'
import { settingsText } from './settings.ts'

abstract class Loss<O extends object> extends Module {
  readonly #plain: object
  readonly #tensors: readonly string[]

  constructor(options: O, known: readonly (keyof O & string)[]) {
    super()
    checkOptions(this.constructor.name, options, known)
    const entries = Object.entries(options)
    this.#plain = Object.fromEntries(entries.filter(([, value]) => !(value instanceof Tensor)))
    this.#tensors = entries.flatMap(([key, value]) => (value instanceof Tensor ? [key] : []))
    for (const key of this.#tensors) this.registerBuffer(key, (options as Record<string, Tensor>)[key])
  }

  /** The options with the buffers as they are now: they may have been loaded or converted since. */
  protected get options(): O {
    const buffers = this.#tensors.map((key) => [key, (this as unknown as Record<string, Tensor>)[key]])
    return { ...this.#plain, ...Object.fromEntries(buffers) } as O
  }

  override extraRepr(): string {
    return settingsText(this.#plain)
  }
}

/** (input - target)² */
export class MSELoss extends Loss<f.LossOptions> {
  constructor(options: f.LossOptions = {}) {
    super(options, ['reduction'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return f.mseLoss(input, target, this.options)
  }
}

/** |input - target| */
export class L1Loss extends Loss<f.LossOptions> {
  constructor(options: f.LossOptions = {}) {
    super(options, ['reduction'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return f.l1Loss(input, target, this.options)
  }
}

/** A parabola up to beta, then |d| - beta / 2: see `smoothL1Loss`. */
export class SmoothL1Loss extends Loss<f.SmoothL1Options> {
  constructor(options: f.SmoothL1Options = {}) {
    super(options, ['reduction', 'beta'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return f.smoothL1Loss(input, target, this.options)
  }
}

/** A parabola up to delta, then a line: see `huberLoss`. */
export class HuberLoss extends Loss<f.HuberOptions> {
  constructor(options: f.HuberOptions = {}) {
    super(options, ['reduction', 'delta'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return f.huberLoss(input, target, this.options)
  }
}

/** Binary cross-entropy of probabilities: see `bceLoss`. */
export class BCELoss extends Loss<f.BCEOptions> {
  constructor(options: f.BCEOptions = {}) {
    super(options, ['reduction', 'weight'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return f.bceLoss(input, target, this.options)
  }
}

/** Binary cross-entropy of logits: see `bceWithLogits`. */
export class BCEWithLogitsLoss extends Loss<f.BCEWithLogitsOptions> {
  constructor(options: f.BCEWithLogitsOptions = {}) {
    super(options, ['reduction', 'weight', 'posWeight'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return f.bceWithLogits(input, target, this.options)
  }
}

/** Cross-entropy of logits and classes or probabilities: see `crossEntropy`. */
export class CrossEntropyLoss extends Loss<f.CrossEntropyOptions> {
  constructor(options: f.CrossEntropyOptions = {}) {
    super(options, ['reduction', 'weight', 'ignoreIndex', 'labelSmoothing'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return f.crossEntropy(input, target, this.options)
  }
}

/** -input[target]: see `nllLoss`. */
export class NLLLoss extends Loss<f.ClassOptions> {
  constructor(options: f.ClassOptions = {}) {
    super(options, ['reduction', 'weight', 'ignoreIndex'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return f.nllLoss(input, target, this.options)
  }
}

/** p (log p - q): see `klDiv`. */
export class KLDivLoss extends Loss<f.KLDivOptions> {
  constructor(options: f.KLDivOptions = {}) {
    super(options, ['reduction', 'logTarget'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return f.klDiv(input, target, this.options)
  }
}

/** Distances of pairs that are near or far: see `hingeEmbeddingLoss`. */
export class HingeEmbeddingLoss extends Loss<f.MarginOptions> {
  constructor(options: f.MarginOptions = {}) {
    super(options, ['reduction', 'margin'])
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return f.hingeEmbeddingLoss(input, target, this.options)
  }
}

/** The cosine of pairs that are near or far: see `cosineEmbeddingLoss`. */
export class CosineEmbeddingLoss extends Loss<f.MarginOptions> {
  constructor(options: f.MarginOptions = {}) {
    super(options, ['reduction', 'margin'])
  }

  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return f.cosineEmbeddingLoss(input1, input2, target, this.options)
  }
}
