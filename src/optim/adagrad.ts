/**
 * Adagrad (Duchi, Hazan and Singer 2011): s sums up g², and θ <- θ - lr g / ((1 + (t - 1) η) (√s + ε)) with the decay η
 * of the learning rate.
 */
import * as s from '../scalar/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { flag, nonNegative } from './check.ts'
import { stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'
import { penalized, type StepRule, stepRules } from './rule.ts'

export interface AdagradOptions extends Hyper {
  /** η */
  lrDecay: number
  weightDecay: number
  /** Where the sums start. */
  initialAccumulatorValue: number
  eps: number
  /** Ascend instead. */
  maximize: boolean
}

export interface AdagradState {
  step: number
  sum: Tensor
}

const defaults: AdagradOptions = {
  lr: 1e-2,
  lrDecay: 0,
  weightDecay: 0,
  initialAccumulatorValue: 0,
  eps: 1e-10,
  maximize: false,
}

/**
 * Adagrad: every element is divided by the root of the sum of its squared gradients.
 * @param params tensors, [name, tensor] pairs or groups `{ params, ...options }`.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const w = tensor([1, 2], { requiresGrad: true }); w.square().sum().backward(); new optim.Adagrad([w], { lr: 0.1 }).step(); w // [0.9, 1.9]
 */
export class Adagrad extends ElementwiseOptimizer<AdagradOptions, AdagradState> {
  constructor(params: ParamsInput<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super('Adagrad', params, options, defaults)
  }

  protected override check(group: ParamGroup<AdagradOptions>): void {
    nonNegative('Adagrad', 'lr', group.lr)
    nonNegative('Adagrad', 'lrDecay', group.lrDecay)
    nonNegative('Adagrad', 'weightDecay', group.weightDecay)
    nonNegative('Adagrad', 'initialAccumulatorValue', group.initialAccumulatorValue)
    nonNegative('Adagrad', 'eps', group.eps)
    flag('Adagrad', 'maximize', group.maximize)
  }

  protected override init(x: Tensor, group: ParamGroup<AdagradOptions>): AdagradState {
    return { step: 0, sum: stateLike(x, group.initialAccumulatorValue) }
  }

  protected override rule(group: ParamGroup<AdagradOptions>): StepRule<AdagradOptions, AdagradState> {
    return rules(group)
  }
}

const rules = stepRules<AdagradOptions, AdagradState, 'eps' | 'weightDecay' | 'rate' | 'sum'>(
  ({ maximize, weightDecay }) => [maximize, weightDecay !== 0],
  (maximize, decays) => ({
    name: 'Adagrad',
    state: ['sum'],
    shared: ['eps', 'weightDecay'],
    sharedNumbers: ({ eps, weightDecay }) => [eps, weightDecay],
    own: ['rate'],
    ownNumbers: ({ lr, lrDecay }, state) => [lr / (1 + state.step++ * lrDecay)],
    formulas: (a) => {
      const g = penalized(a, maximize, decays)
      const sum = s.add(a.sum, s.mul(g, g))
      return [s.sub(a.x, s.div(s.mul(a.rate, g), s.add(s.sqrt(sum), a.eps))), sum]
    },
  }),
)
