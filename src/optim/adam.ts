/**
 * Adam (Kingma and Ba 2015): m and v are running averages of g and g², freed of their bias towards zero by dividing by
 * 1 - β^t, and θ <- θ - lr m̂ / (√v̂ + ε). With `amsgrad` (Reddi et al. 2018) the largest v so far is used.
 */
import * as s from '../scalar/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { betas, flag, nonNegative } from './check.ts'
import { stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'
import { type MomentNames, momentNumbers, momentNumbersOf, moments } from './moments.ts'
import { type StepRule, stepRules } from './rule.ts'

export interface AdamOptions extends Hyper {
  /** Decay rates of the averages of g and of g². */
  betas: readonly [number, number]
  /** ε, which keeps the quotient finite where gradients vanish. */
  eps: number
  /** λ: Adam adds λ θ to the gradient, AdamW takes lr λ θ from the parameter. */
  weightDecay: number
  amsgrad: boolean
  /** Ascend instead. */
  maximize: boolean
}

export interface AdamState {
  step: number
  expAvg: Tensor
  expAvgSq: Tensor
  /** Only with amsgrad. */
  maxExpAvgSq: Tensor | null
}

const defaults: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
}

/**
 * Adam: θ <- θ - lr m̂ / (√v̂ + ε).
 * @param params tensors, [name, tensor] pairs or groups `{ params, ...options }`.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const w = tensor([1, 2], { requiresGrad: true }); w.square().sum().backward(); new optim.Adam([w], { lr: 0.1 }).step(); w // [0.9, 1.9]
 */
export class Adam extends ElementwiseOptimizer<AdamOptions, AdamState> {
  constructor(params: ParamsInput<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super('Adam', params, options, defaults)
  }

  protected override check(group: ParamGroup<AdamOptions>): void {
    checkAdam('Adam', group)
  }

  protected override init(x: Tensor, group: ParamGroup<AdamOptions>): AdamState {
    return initAdam(x, group)
  }

  protected override rule(group: ParamGroup<AdamOptions>): StepRule<AdamOptions, AdamState> {
    return adam(group)
  }
}

export function checkAdam(who: string, group: AdamOptions): void {
  nonNegative(who, 'lr', group.lr)
  betas(who, group.betas)
  nonNegative(who, 'eps', group.eps)
  nonNegative(who, 'weightDecay', group.weightDecay)
  flag(who, 'amsgrad', group.amsgrad)
  flag(who, 'maximize', group.maximize)
}

export const initAdam = (x: Tensor, { amsgrad }: AdamOptions): AdamState => ({
  step: 0,
  expAvg: stateLike(x),
  expAvgSq: stateLike(x),
  maxExpAvgSq: amsgrad ? stateLike(x) : null,
})

const adam = adamRules('Adam', false)

type Own = 'rate' | 'root' | 'maxExpAvgSq'

/** Steps of Adam and AdamW: weights decay through the gradient, or `decoupled` from it by a factor of θ. */
export function adamRules(name: string, decoupled: boolean): (group: AdamOptions) => StepRule<AdamOptions, AdamState> {
  return stepRules<AdamOptions, AdamState, MomentNames | Own>(
    ({ maximize, amsgrad, weightDecay }) => [maximize, amsgrad, weightDecay !== 0],
    (maximize, amsgrad, decays) => ({
      name,
      state: amsgrad ? ['expAvg', 'expAvgSq', 'maxExpAvgSq'] : ['expAvg', 'expAvgSq'],
      shared: momentNumbers,
      sharedNumbers: momentNumbersOf,
      own: ['rate', 'root'],
      // √v̂ = √v / √(1 - β₂^t), so that both corrections are scalars of the step.
      ownNumbers: ({ betas: [beta1, beta2], lr }, state) => {
        const t = ++state.step
        return [lr / (1 - beta1 ** t), 1 / Math.sqrt(1 - beta2 ** t)]
      },
      formulas: (a) => {
        const { m, v, x } = moments(a, { maximize, decays, decoupled })
        const largest = s.max(a.maxExpAvgSq, v)
        const root = s.mul(s.sqrt(amsgrad ? largest : v), a.root)
        const moved = s.sub(x, s.div(s.mul(a.rate, m), s.add(root, a.eps)))
        return amsgrad ? [moved, m, v, largest] : [moved, m, v]
      },
    }),
  )
}
