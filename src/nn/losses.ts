/** Losses as modules: the functions with their options remembered. Tensors among the options are buffers, as in PyTorch. */
import { checkOptions } from '../errors/index.ts'
import * as f from '../functional/losses/index.ts'
import { Tensor } from '../tensor/index.ts'
import { Module } from './module.ts'
import { settingsText } from './settings.ts'

type Pair = [input: Tensor, target: Tensor]

abstract class Loss<O extends object, A extends Tensor[] = Pair> extends Module {
  readonly #compute: (...given: [...A, options: O]) => Tensor
  readonly #plain: object
  readonly #tensors: readonly string[]

  constructor(compute: (...given: [...A, options: O]) => Tensor, options: O, known: readonly (keyof O & string)[]) {
    super()
    this.#compute = compute
    checkOptions(this.constructor.name, options, known)
    const entries = Object.entries(options)
    this.#plain = Object.fromEntries(entries.filter(([, value]) => !(value instanceof Tensor)))
    this.#tensors = entries.flatMap(([key, value]) => (value instanceof Tensor ? [key] : []))
    for (const key of this.#tensors) this.registerBuffer(key, (options as Record<string, Tensor>)[key])
  }

  forward(...tensors: A): Tensor {
    // The buffers as they are now: they may have been loaded or converted since.
    const buffers = this.#tensors.map((key) => [key, (this as unknown as Record<string, Tensor>)[key]])
    return this.#compute(...tensors, { ...this.#plain, ...Object.fromEntries(buffers) } as O)
  }

  override extraRepr(): string {
    return settingsText(this.#plain)
  }
}

/** (input - target)² */
export class MSELoss extends Loss<f.LossOptions> {
  constructor(options: f.LossOptions = {}) {
    super(f.mseLoss, options, ['reduction'])
  }
}

/** |input - target| */
export class L1Loss extends Loss<f.LossOptions> {
  constructor(options: f.LossOptions = {}) {
    super(f.l1Loss, options, ['reduction'])
  }
}

/** A parabola up to beta, then |d| - beta / 2: see `smoothL1Loss`. */
export class SmoothL1Loss extends Loss<f.SmoothL1Options> {
  constructor(options: f.SmoothL1Options = {}) {
    super(f.smoothL1Loss, options, ['reduction', 'beta'])
  }
}

/** A parabola up to delta, then a line: see `huberLoss`. */
export class HuberLoss extends Loss<f.HuberOptions> {
  constructor(options: f.HuberOptions = {}) {
    super(f.huberLoss, options, ['reduction', 'delta'])
  }
}

/** Binary cross-entropy of probabilities: see `bceLoss`. */
export class BCELoss extends Loss<f.BCEOptions> {
  constructor(options: f.BCEOptions = {}) {
    super(f.bceLoss, options, ['reduction', 'weight'])
  }
}

/** Binary cross-entropy of logits: see `bceWithLogits`. */
export class BCEWithLogitsLoss extends Loss<f.BCEWithLogitsOptions> {
  constructor(options: f.BCEWithLogitsOptions = {}) {
    super(f.bceWithLogits, options, ['reduction', 'weight', 'posWeight'])
  }
}

/** Cross-entropy of logits and classes or probabilities: see `crossEntropy`. */
export class CrossEntropyLoss extends Loss<f.CrossEntropyOptions> {
  constructor(options: f.CrossEntropyOptions = {}) {
    super(f.crossEntropy, options, ['reduction', 'weight', 'ignoreIndex', 'labelSmoothing'])
  }
}

/** -input[target]: see `nllLoss`. */
export class NLLLoss extends Loss<f.ClassOptions> {
  constructor(options: f.ClassOptions = {}) {
    super(f.nllLoss, options, ['reduction', 'weight', 'ignoreIndex'])
  }
}

/** p (log p - q): see `klDiv`. */
export class KLDivLoss extends Loss<f.KLDivOptions> {
  constructor(options: f.KLDivOptions = {}) {
    super(f.klDiv, options, ['reduction', 'logTarget'])
  }
}

/** Distances of pairs that are near or far: see `hingeEmbeddingLoss`. */
export class HingeEmbeddingLoss extends Loss<f.MarginOptions> {
  constructor(options: f.MarginOptions = {}) {
    super(f.hingeEmbeddingLoss, options, ['reduction', 'margin'])
  }
}

/** The cosine of pairs that are near or far: see `cosineEmbeddingLoss`. */
export class CosineEmbeddingLoss extends Loss<f.MarginOptions, [input1: Tensor, input2: Tensor, target: Tensor]> {
  constructor(options: f.MarginOptions = {}) {
    super(f.cosineEmbeddingLoss, options, ['reduction', 'margin'])
  }
}
