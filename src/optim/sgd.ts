/**
 * Stochastic gradient descent with momentum, after Sutskever et al. 2013, in PyTorch's form:
 * b <- μ b + (1 - τ) g (b = g at first), then θ <- θ - lr b, or with Nesterov's momentum θ <- θ - lr (g + μ b).
 */
import { ArgumentError } from '../errors/index.ts'
import type { TypedArray } from '../ops/value.ts'
import type { Tensor } from '../tensor/index.ts'
import { finite, flag, nonNegative } from './check.ts'
import { stateArray, stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'

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

  protected override update(x: TypedArray, g: TypedArray, group: ParamGroup<SGDOptions>, parameter: Tensor): void {
    const sign = group.maximize ? -1 : 1
    if (group.momentum === 0) {
      descend(x, g, group.lr, sign, group.weightDecay)
      return
    }
    // The buffer starts as the gradient itself, undamped: μ 0 + 1 g.
    const keep = this.state.has(parameter) ? 1 - group.dampening : 1
    const buffer = stateArray(this.stateOf(parameter, group).momentumBuffer, this.by)
    descendWithMomentum(x, g, buffer, group, sign, keep)
  }
}

function descend(x: TypedArray, g: TypedArray, lr: number, sign: number, weightDecay: number): void {
  const rate = sign * lr
  if (weightDecay === 0) for (let i = 0; i < x.length; i++) x[i] -= rate * g[i]
  else for (let i = 0; i < x.length; i++) x[i] -= lr * (sign * g[i] + weightDecay * x[i])
}

function descendWithMomentum(
  x: TypedArray,
  g: TypedArray,
  b: TypedArray,
  options: SGDOptions,
  sign: number,
  keep: number,
): void {
  const { lr, momentum, nesterov, weightDecay } = options
  for (let i = 0; i < x.length; i++) {
    let gi = sign * g[i]
    if (weightDecay !== 0) gi += weightDecay * x[i]
    const bi = momentum * b[i] + keep * gi
    b[i] = bi
    x[i] -= lr * (nesterov ? gi + momentum * bi : bi)
  }
}
