/**
 * RAdam (Liu et al. 2020): Adam that trusts its denominator only once enough gradients are in the average. With
 * ρ_∞ = 2 / (1 - β₂) - 1 and ρ_t = ρ_∞ - 2 t β₂^t / (1 - β₂^t), a step is lr m̂ while ρ_t <= 5 and afterwards
 * lr r m̂ √(1 - β₂^t) / (√v + ε), rectified by r² = (ρ_t - 4)(ρ_t - 2) ρ_∞ / ((ρ_∞ - 4)(ρ_∞ - 2) ρ_t).
 */
import * as s from '../scalar/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { betas, flag, nonNegative } from './check.ts'
import { stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'
import { type MomentNames, momentNumbers, momentNumbersOf, moments } from './moments.ts'
import { type StepRule, stepRules } from './rule.ts'

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

  protected override rule(group: ParamGroup<RAdamOptions>): StepRule<RAdamOptions, RAdamState> {
    return rules(group)
  }
}

/** The factor of m, and whether the denominator is trusted yet. */
function rectified({ lr, betas: [beta1, beta2] }: RAdamOptions, t: number): [rate: number, trusted: number] {
  const correction = 1 - beta2 ** t
  const limit = 2 / (1 - beta2) - 1
  const length = limit - (2 * t * beta2 ** t) / correction
  const rate = lr / (1 - beta1 ** t)
  if (!(length > 5)) return [rate, 0]
  const r = Math.sqrt((((length - 4) * (length - 2)) / ((limit - 4) * (limit - 2))) * (limit / length))
  return [rate * (r * Math.sqrt(correction)), 1]
}

type Own = 'rate' | 'trusted'

const rules = stepRules<RAdamOptions, RAdamState, MomentNames | Own>(
  ({ maximize, weightDecay, decoupledWeightDecay }) => [maximize, weightDecay !== 0, decoupledWeightDecay],
  (maximize, decays, decoupled) => ({
    name: 'RAdam',
    state: ['expAvg', 'expAvgSq'],
    shared: momentNumbers,
    sharedNumbers: momentNumbersOf,
    own: ['rate', 'trusted'],
    ownNumbers: (group, state) => rectified(group, ++state.step),
    formulas: (a) => {
      const { m, v, x } = moments(a, { maximize, decays, decoupled })
      const move = s.mul(a.rate, m)
      return [s.sub(x, s.select(a.trusted, s.div(move, s.add(s.sqrt(v), a.eps)), move)), m, v]
    },
  }),
)
