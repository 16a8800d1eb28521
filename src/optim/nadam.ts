/**
 * NAdam (Dozat 2016): Adam whose average of gradients looks one step ahead, as Nesterov's momentum does. Its weight
 * grows along μ_t = β₁ (1 - 0.96^(t ψ) / 2), and θ <- θ - lr (μ_{t+1} m / (1 - Π μ_{t+1}) + (1 - μ_t) g / (1 - Π)) / (√v̂ + ε)
 * with Π = μ_1 ... μ_t.
 */
import * as s from '../scalar/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { betas, flag, nonNegative } from './check.ts'
import { stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'
import { type MomentNames, momentNumbers, momentNumbersOf, moments } from './moments.ts'
import { type StepRule, stepRules } from './rule.ts'

export interface NAdamOptions extends Hyper {
  /** Decay rates of the averages of g and of g². */
  betas: readonly [number, number]
  eps: number
  weightDecay: number
  /** ψ, how fast the momentum reaches β₁. */
  momentumDecay: number
  /** Whether the weights decay apart from the gradient, as in AdamW. */
  decoupledWeightDecay: boolean
  /** Ascend instead. */
  maximize: boolean
}

export interface NAdamState {
  step: number
  /** Π μ of all steps. */
  muProduct: number
  expAvg: Tensor
  expAvgSq: Tensor
}

const defaults: NAdamOptions = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  momentumDecay: 4e-3,
  decoupledWeightDecay: false,
  maximize: false,
}

/**
 * NAdam: Adam with Nesterov's momentum.
 * @param params tensors, [name, tensor] pairs or groups `{ params, ...options }`.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const w = tensor([1, 2], { requiresGrad: true }); w.square().sum().backward(); new optim.NAdam([w], { lr: 0.1 }).step(); w // [0.8944, 1.8944]
 */
export class NAdam extends ElementwiseOptimizer<NAdamOptions, NAdamState> {
  constructor(params: ParamsInput<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super('NAdam', params, options, defaults)
  }

  protected override check(group: ParamGroup<NAdamOptions>): void {
    nonNegative('NAdam', 'lr', group.lr)
    betas('NAdam', group.betas)
    nonNegative('NAdam', 'eps', group.eps)
    nonNegative('NAdam', 'weightDecay', group.weightDecay)
    nonNegative('NAdam', 'momentumDecay', group.momentumDecay)
    flag('NAdam', 'decoupledWeightDecay', group.decoupledWeightDecay)
    flag('NAdam', 'maximize', group.maximize)
  }

  protected override init(x: Tensor): NAdamState {
    return { step: 0, muProduct: 1, expAvg: stateLike(x), expAvgSq: stateLike(x) }
  }

  protected override rule(group: ParamGroup<NAdamOptions>): StepRule<NAdamOptions, NAdamState> {
    return rules(group)
  }
}

const weight = (t: number, { betas, momentumDecay }: NAdamOptions): number =>
  betas[0] * (1 - 0.5 * 0.96 ** (t * momentumDecay))

type Own = 'ahead' | 'here' | 'root'

const rules = stepRules<NAdamOptions, NAdamState, MomentNames | Own>(
  ({ maximize, weightDecay, decoupledWeightDecay }) => [maximize, weightDecay !== 0, decoupledWeightDecay],
  (maximize, decays, decoupled) => ({
    name: 'NAdam',
    state: ['expAvg', 'expAvgSq'],
    shared: momentNumbers,
    sharedNumbers: momentNumbersOf,
    // The factors of m, of g and of √v.
    own: ['ahead', 'here', 'root'],
    ownNumbers: (group, state) => {
      const t = ++state.step
      const mu = weight(t, group)
      const next = weight(t + 1, group)
      state.muProduct *= mu
      return [
        (group.lr * next) / (1 - state.muProduct * next),
        (group.lr * (1 - mu)) / (1 - state.muProduct),
        1 / Math.sqrt(1 - group.betas[1] ** t),
      ]
    },
    formulas: (a) => {
      const { g, m, v, x } = moments(a, { maximize, decays, decoupled })
      const move = s.add(s.mul(a.ahead, m), s.mul(a.here, g))
      return [s.sub(x, s.div(move, s.add(s.mul(s.sqrt(v), a.root), a.eps))), m, v]
    },
  }),
)
