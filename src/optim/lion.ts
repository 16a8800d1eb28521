/**
 * Lion (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", algorithm 2): only the sign of a mixture of
 * average and gradient counts. θ <- θ - lr (sign(β₁ m + (1 - β₁) g) + λ θ), then m <- β₂ m + (1 - β₂) g.
 */
import type { TypedArray } from '../ops/value.ts'
import type { Tensor } from '../tensor/index.ts'
import { betas, flag, nonNegative } from './check.ts'
import { stateArray, stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'

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

  protected override update(x: TypedArray, g: TypedArray, group: ParamGroup<LionOptions>, parameter: Tensor): void {
    lion(x, g, stateArray(this.stateOf(parameter, group).expAvg, this.by), group)
  }
}

function lion(x: TypedArray, g: TypedArray, m: TypedArray, { lr, betas, weightDecay, maximize }: LionOptions): void {
  const [beta1, beta2] = betas
  const sign = maximize ? -1 : 1
  for (let i = 0; i < x.length; i++) {
    const gi = sign * g[i]
    const direction = Math.sign(beta1 * m[i] + (1 - beta1) * gi)
    x[i] -= lr * (direction + (weightDecay === 0 ? 0 : weightDecay * x[i]))
    m[i] = beta2 * m[i] + (1 - beta2) * gi
  }
}
