/**
 * Adamax (Kingma and Ba 2015, section 7.1): Adam with the infinity norm. u <- max(β₂ u, |g| + ε) takes the place of √v,
 * and θ <- θ - lr m / ((1 - β₁^t) u).
 */
import * as s from '../scalar/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { betas, flag, nonNegative } from './check.ts'
import { stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'
import { averaged, penalized, type StepRule, stepRules } from './rule.ts'

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

  protected override rule(group: ParamGroup<AdamaxOptions>): StepRule<AdamaxOptions, AdamaxState> {
    return rules(group)
  }
}

type Names = 'beta1' | 'rest1' | 'beta2' | 'eps' | 'weightDecay' | 'rate' | 'expAvg' | 'expInf'

const rules = stepRules<AdamaxOptions, AdamaxState, Names>(
  ({ maximize, weightDecay }) => [maximize, weightDecay !== 0],
  (maximize, decays) => ({
    name: 'Adamax',
    state: ['expAvg', 'expInf'],
    shared: ['beta1', 'rest1', 'beta2', 'eps', 'weightDecay'],
    sharedNumbers: ({ betas: [beta1, beta2], eps, weightDecay }) => [beta1, 1 - beta1, beta2, eps, weightDecay],
    own: ['rate'],
    ownNumbers: ({ lr, betas }, state) => [lr / (1 - betas[0] ** ++state.step)],
    formulas: (a) => {
      const g = penalized(a, maximize, decays)
      const m = averaged(a.beta1, a.expAvg, a.rest1, g)
      const u = s.max(s.mul(a.beta2, a.expInf), s.add(s.abs(g), a.eps))
      return [s.sub(a.x, s.div(s.mul(a.rate, m), u)), m, u]
    },
  }),
)
