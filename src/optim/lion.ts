/**
 * Lion (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", algorithm 2): only the sign of a mixture of
 * average and gradient counts. θ <- θ - lr (sign(β₁ m + (1 - β₁) g) + λ θ), then m <- β₂ m + (1 - β₂) g.
 */
import * as s from '../scalar/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { betas, flag, nonNegative } from './check.ts'
import { stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'
import { averaged, nothingOwn, type StepRule, stepRules } from './rule.ts'

export interface LionOptions extends Hyper {
  /** Weights of the average in the step and in its own renewal. */
  betas: readonly [number, number]
  /** λ, apart from the gradient as in AdamW. */
  weightDecay: number
  /** Ascend instead. */
  maximize: boolean
}

export interface LionState {
  expAvg: Tensor
}

const defaults: LionOptions = { lr: 1e-4, betas: [0.9, 0.99], weightDecay: 0, maximize: false }

/**
 * Lion: steps of equal size in every element.
 * @param params tensors, [name, tensor] pairs or groups `{ params, ...options }`.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const w = tensor([1, 2], { requiresGrad: true }); w.square().sum().backward(); new optim.Lion([w], { lr: 0.1 }).step(); w // [0.9, 1.9]
 */
export class Lion extends ElementwiseOptimizer<LionOptions, LionState> {
  constructor(params: ParamsInput<LionOptions>, options: Partial<LionOptions> = {}) {
    super('Lion', params, options, defaults)
  }

  protected override check(group: ParamGroup<LionOptions>): void {
    nonNegative('Lion', 'lr', group.lr)
    betas('Lion', group.betas)
    nonNegative('Lion', 'weightDecay', group.weightDecay)
    flag('Lion', 'maximize', group.maximize)
  }

  protected override init(x: Tensor): LionState {
    return { expAvg: stateLike(x) }
  }

  protected override rule(group: ParamGroup<LionOptions>): StepRule<LionOptions, LionState> {
    return rules(group)
  }
}

type Names = 'lr' | 'beta1' | 'rest1' | 'beta2' | 'rest2' | 'weightDecay' | 'expAvg'

const rules = stepRules<LionOptions, LionState, Names>(
  ({ maximize, weightDecay }) => [maximize, weightDecay !== 0],
  (maximize, decays) => ({
    name: 'Lion',
    state: ['expAvg'],
    shared: ['lr', 'beta1', 'rest1', 'beta2', 'rest2', 'weightDecay'],
    sharedNumbers: ({ lr, betas: [beta1, beta2], weightDecay }) => [
      lr,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      weightDecay,
    ],
    ...nothingOwn,
    formulas: (a) => {
      const g = maximize ? s.neg(a.g) : a.g
      const direction = s.sign(averaged(a.beta1, a.expAvg, a.rest1, g))
      const move = decays ? s.add(direction, s.mul(a.weightDecay, a.x)) : direction
      return [s.sub(a.x, s.mul(a.lr, move)), averaged(a.beta2, a.expAvg, a.rest2, g)]
    },
  }),
)
