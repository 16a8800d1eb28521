/**
 * Stochastic gradient descent with momentum, after Sutskever et al. 2013, in PyTorch's form:
 * b <- μ b + (1 - τ) g (b = g at first), then θ <- θ - lr b, or with Nesterov's momentum θ <- θ - lr (g + μ b).
 */
import { ArgumentError } from '../errors/index.ts'
import * as s from '../scalar/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { finite, flag, nonNegative } from './check.ts'
import { stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'
import { nothingOwn, penalized, type StepRule, stepRules } from './rule.ts'

export interface SGDOptions extends Hyper {
  /** μ; 0 for plain gradient descent. */
  momentum: number
  /** τ, by how much the gradient is damped as it enters the momentum. */
  dampening: number
  nesterov: boolean
  /** λ of the penalty λ θ² / 2: λ θ is added to the gradient. */
  weightDecay: number
  /** Ascend instead. */
  maximize: boolean
}

export interface SGDState {
  momentumBuffer: Tensor
}

const defaults: SGDOptions = { lr: 1e-3, momentum: 0, dampening: 0, nesterov: false, weightDecay: 0, maximize: false }

/**
 * θ <- θ - lr g, with momentum where asked for.
 * @param params tensors, [name, tensor] pairs or groups `{ params, ...options }`.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const w = tensor([1, 2], { requiresGrad: true }); w.square().sum().backward(); new optim.SGD([w], { lr: 0.1 }).step(); w // [0.8, 1.6]
 */
export class SGD extends ElementwiseOptimizer<SGDOptions, SGDState> {
  constructor(params: ParamsInput<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super('SGD', params, options, defaults)
  }

  protected override check({ lr, momentum, dampening, nesterov, weightDecay, maximize }: ParamGroup<SGDOptions>): void {
    nonNegative('SGD', 'lr', lr)
    nonNegative('SGD', 'momentum', momentum)
    finite('SGD', 'dampening', dampening)
    flag('SGD', 'nesterov', nesterov)
    nonNegative('SGD', 'weightDecay', weightDecay)
    flag('SGD', 'maximize', maximize)
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new ArgumentError(
        `SGD: nesterov needs a momentum and no dampening, got momentum ${momentum} and dampening ${dampening}`,
      )
    }
  }

  protected override init(x: Tensor): SGDState {
    return { momentumBuffer: stateLike(x) }
  }

  protected override rule(group: ParamGroup<SGDOptions>): StepRule<SGDOptions, SGDState> {
    return group.momentum === 0 ? plain(group) : withMomentum(group)
  }
}

const plain = stepRules<SGDOptions, SGDState, 'lr' | 'weightDecay'>(
  ({ maximize, weightDecay }) => [maximize, weightDecay !== 0],
  (maximize, decays) => ({
    name: 'SGD',
    state: [],
    shared: ['lr', 'weightDecay'],
    sharedNumbers: ({ lr, weightDecay }) => [lr, weightDecay],
    ...nothingOwn,
    formulas: (a) => [s.sub(a.x, s.mul(a.lr, penalized(a, maximize, decays)))],
  }),
)

const withMomentum = stepRules<SGDOptions, SGDState, 'lr' | 'weightDecay' | 'momentum' | 'keep' | 'momentumBuffer'>(
  ({ maximize, weightDecay, nesterov }) => [maximize, weightDecay !== 0, nesterov],
  (maximize, decays, nesterov) => ({
    name: 'SGD',
    state: ['momentumBuffer'],
    shared: ['lr', 'weightDecay', 'momentum'],
    sharedNumbers: ({ lr, weightDecay, momentum }) => [lr, weightDecay, momentum],
    own: ['keep'],
    // The buffer starts as the gradient itself, undamped: μ 0 + 1 g.
    ownNumbers: ({ dampening }, _, fresh) => [fresh ? 1 : 1 - dampening],
    formulas: (a) => {
      const g = penalized(a, maximize, decays)
      const b = s.add(s.mul(a.momentum, a.momentumBuffer), s.mul(a.keep, g))
      const move = nesterov ? s.add(g, s.mul(a.momentum, b)) : b
      return [s.sub(a.x, s.mul(a.lr, move)), b]
    },
  }),
)
