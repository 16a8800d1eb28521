/**
 * Adamax (Kingma and Ba 2015, section 7.1): Adam with the infinity norm. u <- max(β₂ u, |g| + ε) takes the place of √v,
 * and θ <- θ - lr m / ((1 - β₁^t) u).
 */
import type { TypedArray } from '../ops/value.ts'
import type { Tensor } from '../tensor/index.ts'
import { betas, flag, nonNegative } from './check.ts'
import { stateArray, stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'

export interface AdamaxOptions extends Hyper {
  /** Decay rates of the average of g and of the norm. */
  betas: readonly [number, number]
  eps: number
  weightDecay: number
  /** Ascend instead. */
  maximize: boolean
}

export interface AdamaxState {
  step: number
  expAvg: Tensor
  expInf: Tensor
}

const defaults: AdamaxOptions = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false }

/**
 * Adamax: Adam with the infinity norm.
 * @param params tensors, [name, tensor] pairs or groups `{ params, ...options }`.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const w = tensor([1, 2], { requiresGrad: true }); w.square().sum().backward(); new optim.Adamax([w], { lr: 0.1 }).step(); w // [0.9, 1.9]
 */
export class Adamax extends ElementwiseOptimizer<AdamaxOptions, AdamaxState> {
  constructor(params: ParamsInput<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super('Adamax', params, options, defaults)
  }

  protected override check(group: ParamGroup<AdamaxOptions>): void {
    nonNegative('Adamax', 'lr', group.lr)
    betas('Adamax', group.betas)
    nonNegative('Adamax', 'eps', group.eps)
    nonNegative('Adamax', 'weightDecay', group.weightDecay)
    flag('Adamax', 'maximize', group.maximize)
  }

  protected override init(x: Tensor): AdamaxState {
    return { step: 0, expAvg: stateLike(x), expInf: stateLike(x) }
  }

  protected override update(x: TypedArray, g: TypedArray, group: ParamGroup<AdamaxOptions>, parameter: Tensor): void {
    const state = this.stateOf(parameter, group)
    const rate = group.lr / (1 - group.betas[0] ** ++state.step)
    adamax(x, g, stateArray(state.expAvg, this.by), stateArray(state.expInf, this.by), group, rate)
  }
}

function adamax(
  x: TypedArray,
  g: TypedArray,
  m: TypedArray,
  u: TypedArray,
  options: AdamaxOptions,
  rate: number,
): void {
  const { eps, weightDecay } = options
  const [beta1, beta2] = options.betas
  const sign = options.maximize ? -1 : 1
  for (let i = 0; i < x.length; i++) {
    let gi = sign * g[i]
    if (weightDecay !== 0) gi += weightDecay * x[i]
    const mi = beta1 * m[i] + (1 - beta1) * gi
    const ui = Math.max(beta2 * u[i], Math.abs(gi) + eps)
    m[i] = mi
    u[i] = ui
    x[i] -= (rate * mi) / ui
  }
}
