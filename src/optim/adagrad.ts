/**
 * Adagrad (Duchi, Hazan and Singer 2011): s sums up g², and θ <- θ - lr g / ((1 + (t - 1) η) (√s + ε)) with the decay η
 * of the learning rate.
 */
import type { TypedArray } from '../ops/value.ts'
import type { Tensor } from '../tensor/index.ts'
import { flag, nonNegative } from './check.ts'
import { stateArray, stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'

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

  protected override update(x: TypedArray, g: TypedArray, group: ParamGroup<AdagradOptions>, parameter: Tensor): void {
    const state = this.stateOf(parameter, group)
    const rate = group.lr / (1 + state.step++ * group.lrDecay)
    adagrad(x, g, stateArray(state.sum, this.by), group, rate)
  }
}

function adagrad(x: TypedArray, g: TypedArray, s: TypedArray, options: AdagradOptions, rate: number): void {
  const { eps, weightDecay } = options
  const sign = options.maximize ? -1 : 1
  for (let i = 0; i < x.length; i++) {
    let gi = sign * g[i]
    if (weightDecay !== 0) gi += weightDecay * x[i]
    const si = s[i] + gi * gi
    s[i] = si
    x[i] -= (rate * gi) / (Math.sqrt(si) + eps)
  }
}
