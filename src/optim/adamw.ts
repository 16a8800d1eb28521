/**
 * AdamW (Loshchilov and Hutter 2019): Adam in which the decay of the weights is no part of the gradient, so that the
 * adaptive denominator does not weaken it: θ <- (1 - lr λ) θ - lr m̂ / (√v̂ + ε).
 */
import type { Tensor } from '../tensor/index.ts'
import { type AdamOptions, type AdamState, adamRules, checkAdam, initAdam } from './adam.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { ParamGroup, ParamsInput } from './groups.ts'
import type { StepRule } from './rule.ts'

const defaults: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 1e-2,
  amsgrad: false,
  maximize: false,
}

/**
 * AdamW: Adam with decoupled weight decay.
 * @param params tensors, [name, tensor] pairs or groups `{ params, ...options }`.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const w = tensor([1, 2], { requiresGrad: true }); w.square().sum().backward(); new optim.AdamW([w], { lr: 0.1, weightDecay: 0.5 }).step(); w // [0.85, 1.8]
 */
export class AdamW extends ElementwiseOptimizer<AdamOptions, AdamState> {
  constructor(params: ParamsInput<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super('AdamW', params, options, defaults)
  }

  protected override check(group: ParamGroup<AdamOptions>): void {
    checkAdam('AdamW', group)
  }

  protected override init(x: Tensor, group: ParamGroup<AdamOptions>): AdamState {
    return initAdam(x, group)
  }

  protected override rule(group: ParamGroup<AdamOptions>): StepRule<AdamOptions, AdamState> {
    return adamw(group)
  }
}

const adamw = adamRules('AdamW', true)
