/**
 * RMSprop (Hinton 2012; centered: Graves 2013): v averages g², and θ <- θ - lr g / (√v + ε). Centered subtracts the
 * square of the average gradient from v, which makes it a variance; momentum runs over the quotients.
 */
import * as s from '../scalar/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { flag, fraction, nonNegative } from './check.ts'
import { stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'
import { averaged, averagedSquare, penalized, type StepRule, stepRules } from './rule.ts'

export interface RMSpropOptions extends Hyper {
  /** Decay rate of the averages, 0 to 1. */
  alpha: number
  eps: number
  weightDecay: number
  momentum: number
  centered: boolean
  /** Ascend instead. */
  maximize: boolean
}

export interface RMSpropState {
  step: number
  squareAvg: Tensor
  /** Only with momentum. */
  momentumBuffer: Tensor | null
  /** Only centered. */
  gradAvg: Tensor | null
}

const defaults: RMSpropOptions = {
  lr: 1e-2,
  alpha: 0.99,
  eps: 1e-8,
  weightDecay: 0,
  momentum: 0,
  centered: false,
  maximize: false,
}

/**
 * RMSprop: every element is divided by the root of the average of its squared gradients.
 * @param params tensors, [name, tensor] pairs or groups `{ params, ...options }`.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const w = tensor([1, 2], { requiresGrad: true }); w.square().sum().backward(); new optim.RMSprop([w]).step(); w // [0.9, 1.9]
 */
export class RMSprop extends ElementwiseOptimizer<RMSpropOptions, RMSpropState> {
  constructor(params: ParamsInput<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super('RMSprop', params, options, defaults)
  }

  protected override check(group: ParamGroup<RMSpropOptions>): void {
    nonNegative('RMSprop', 'lr', group.lr)
    fraction('RMSprop', 'alpha', group.alpha)
    nonNegative('RMSprop', 'eps', group.eps)
    nonNegative('RMSprop', 'weightDecay', group.weightDecay)
    nonNegative('RMSprop', 'momentum', group.momentum)
    flag('RMSprop', 'centered', group.centered)
    flag('RMSprop', 'maximize', group.maximize)
  }

  protected override init(x: Tensor, { momentum, centered }: ParamGroup<RMSpropOptions>): RMSpropState {
    return {
      step: 0,
      squareAvg: stateLike(x),
      momentumBuffer: momentum > 0 ? stateLike(x) : null,
      gradAvg: centered ? stateLike(x) : null,
    }
  }

  protected override rule(group: ParamGroup<RMSpropOptions>): StepRule<RMSpropOptions, RMSpropState> {
    return rules(group)
  }
}

type Names = 'lr' | 'alpha' | 'rest' | 'eps' | 'weightDecay' | 'momentum'
type StateNames = 'squareAvg' | 'momentumBuffer' | 'gradAvg'

const rules = stepRules<RMSpropOptions, RMSpropState, Names | StateNames>(
  ({ maximize, weightDecay, momentum, centered }) => [maximize, weightDecay !== 0, momentum > 0, centered],
  (maximize, decays, rolls, centered) => ({
    name: 'RMSprop',
    state: ['squareAvg', ...(rolls ? ['momentumBuffer' as const] : []), ...(centered ? ['gradAvg' as const] : [])],
    shared: ['lr', 'alpha', 'rest', 'eps', 'weightDecay', 'momentum'],
    sharedNumbers: ({ lr, alpha, eps, weightDecay, momentum }) => [lr, alpha, 1 - alpha, eps, weightDecay, momentum],
    own: [],
    ownNumbers: (_, state) => {
      state.step++
      return []
    },
    formulas: (a) => {
      const g = penalized(a, maximize, decays)
      const v = averagedSquare(a.alpha, a.squareAvg, a.rest, g)
      const average = averaged(a.alpha, a.gradAvg, a.rest, g)
      // A variance is not negative, even where the difference of two rounded squares is.
      const spread = centered ? s.max(s.c(0), s.sub(v, s.mul(average, average))) : v
      const quotient = s.div(g, s.add(s.sqrt(spread), a.eps))
      const move = rolls ? s.add(s.mul(a.momentum, a.momentumBuffer), quotient) : quotient
      return [s.sub(a.x, s.mul(a.lr, move)), v, ...(rolls ? [move] : []), ...(centered ? [average] : [])]
    },
  }),
)
