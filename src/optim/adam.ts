/**
 * Adam (Kingma and Ba 2015): m and v are running averages of g and g², freed of their bias towards zero by dividing by
 * 1 - β^t, and θ <- θ - lr m̂ / (√v̂ + ε). With `amsgrad` (Reddi et al. 2018) the largest v so far is used.
 */
import type { TypedArray } from '../ops/value.ts'
import type { Tensor } from '../tensor/index.ts'
import { betas, flag, nonNegative } from './check.ts'
import { stateArray, stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'

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

  protected override update(x: TypedArray, g: TypedArray, group: ParamGroup<AdamOptions>, parameter: Tensor): void {
    const state = this.stateOf(parameter, group)
    adapt(x, g, group, parameter, state, this.by, group.weightDecay, 1)
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

/** Steps of Adam and AdamW: `penalty` θ is added to the gradient, and θ is first multiplied by `shrink`. */
export function adapt(
  x: TypedArray,
  g: TypedArray,
  group: AdamOptions,
  parameter: Tensor,
  state: AdamState,
  by: string,
  penalty: number,
  shrink: number,
): void {
  const t = ++state.step
  const { betas, eps, lr } = group
  // √v̂ = √v / √(1 - β₂^t), so that both corrections are scalars of the step.
  const root = 1 / Math.sqrt(1 - betas[1] ** t)
  const rate = lr / (1 - betas[0] ** t)
  const m = stateArray(state.expAvg, by)
  const v = stateArray(state.expAvgSq, by)
  const sign = group.maximize ? -1 : 1
  if (group.amsgrad) state.maxExpAvgSq ??= stateLike(parameter)
  const largest = group.amsgrad && state.maxExpAvgSq ? stateArray(state.maxExpAvgSq, by) : null
  adam(x, g, m, v, largest, betas[0], betas[1], eps, rate, root, penalty, shrink, sign)
}

function adam(
  x: TypedArray,
  g: TypedArray,
  m: TypedArray,
  v: TypedArray,
  largest: TypedArray | null,
  beta1: number,
  beta2: number,
  eps: number,
  rate: number,
  root: number,
  penalty: number,
  shrink: number,
  sign: number,
): void {
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]
    let gi = sign * g[i]
    if (penalty !== 0) gi += penalty * xi
    const mi = beta1 * m[i] + (1 - beta1) * gi
    let vi = beta2 * v[i] + (1 - beta2) * gi * gi
    m[i] = mi
    v[i] = vi
    if (largest !== null) largest[i] = vi = Math.max(largest[i], vi)
    x[i] = shrink * xi - (rate * mi) / (Math.sqrt(vi) * root + eps)
  }
}
