/**
 * RAdam (Liu et al. 2020): Adam that trusts its denominator only once enough gradients are in the average. With
 * ρ_∞ = 2 / (1 - β₂) - 1 and ρ_t = ρ_∞ - 2 t β₂^t / (1 - β₂^t), a step is lr m̂ while ρ_t <= 5 and afterwards
 * lr r m̂ √(1 - β₂^t) / (√v + ε), rectified by r² = (ρ_t - 4)(ρ_t - 2) ρ_∞ / ((ρ_∞ - 4)(ρ_∞ - 2) ρ_t).
 */
import type { TypedArray } from '../ops/value.ts'
import type { Tensor } from '../tensor/index.ts'
import { betas, flag, nonNegative } from './check.ts'
import { stateArray, stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'

export interface RAdamOptions extends Hyper {
  /** Decay rates of the averages of g and of g². */
  betas: readonly [number, number]
  eps: number
  weightDecay: number
  /** Whether the weights decay apart from the gradient, as in AdamW. */
  decoupledWeightDecay: boolean
  /** Ascend instead. */
  maximize: boolean
}

export interface RAdamState {
  step: number
  expAvg: Tensor
  expAvgSq: Tensor
}

const defaults: RAdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  decoupledWeightDecay: false,
  maximize: false,
}

/**
 * RAdam: Adam with a rectified start, so that no warm-up is needed.
 * @param params tensors, [name, tensor] pairs or groups `{ params, ...options }`.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const w = tensor([1, 2], { requiresGrad: true }); w.square().sum().backward(); new optim.RAdam([w], { lr: 0.1 }).step(); w // [0.8, 1.6]
 */
export class RAdam extends ElementwiseOptimizer<RAdamOptions, RAdamState> {
  constructor(params: ParamsInput<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super('RAdam', params, options, defaults)
  }

  protected override check(group: ParamGroup<RAdamOptions>): void {
    nonNegative('RAdam', 'lr', group.lr)
    betas('RAdam', group.betas)
    nonNegative('RAdam', 'eps', group.eps)
    nonNegative('RAdam', 'weightDecay', group.weightDecay)
    flag('RAdam', 'decoupledWeightDecay', group.decoupledWeightDecay)
    flag('RAdam', 'maximize', group.maximize)
  }

  protected override init(x: Tensor): RAdamState {
    return { step: 0, expAvg: stateLike(x), expAvgSq: stateLike(x) }
  }

  protected override update(x: TypedArray, g: TypedArray, group: ParamGroup<RAdamOptions>, parameter: Tensor): void {
    const state = this.stateOf(parameter, group)
    const t = ++state.step
    const [beta1, beta2] = group.betas
    const correction = 1 - beta2 ** t
    const limit = 2 / (1 - beta2) - 1
    const length = limit - (2 * t * beta2 ** t) / correction
    const trusted = length > 5
    const r = trusted ? Math.sqrt((((length - 4) * (length - 2)) / ((limit - 4) * (limit - 2))) * (limit / length)) : 1
    const rate = (group.lr / (1 - beta1 ** t)) * (trusted ? r * Math.sqrt(correction) : 1)
    radam(x, g, stateArray(state.expAvg, this.by), stateArray(state.expAvgSq, this.by), group, rate, trusted)
  }
}

function radam(
  x: TypedArray,
  g: TypedArray,
  m: TypedArray,
  v: TypedArray,
  options: RAdamOptions,
  rate: number,
  trusted: boolean,
): void {
  const { lr, eps, weightDecay, decoupledWeightDecay } = options
  const [beta1, beta2] = options.betas
  const sign = options.maximize ? -1 : 1
  const penalty = decoupledWeightDecay ? 0 : weightDecay
  const shrink = decoupledWeightDecay ? 1 - lr * weightDecay : 1
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]
    let gi = sign * g[i]
    if (penalty !== 0) gi += penalty * xi
    const mi = beta1 * m[i] + (1 - beta1) * gi
    const vi = beta2 * v[i] + (1 - beta2) * gi * gi
    m[i] = mi
    v[i] = vi
    x[i] = shrink * xi - (trusted ? (rate * mi) / (Math.sqrt(vi) + eps) : rate * mi)
  }
}
