/**
 * RMSprop (Hinton 2012; centered: Graves 2013): v averages g², and θ <- θ - lr g / (√v + ε). Centered subtracts the
 * square of the average gradient from v, which makes it a variance; momentum runs over the quotients.
 */
import type { TypedArray } from '../ops/value.ts'
import type { Tensor } from '../tensor/index.ts'
import { flag, fraction, nonNegative } from './check.ts'
import { stateArray, stateLike } from './elements.ts'
import { ElementwiseOptimizer } from './elementwise.ts'
import type { Hyper, ParamGroup, ParamsInput } from './groups.ts'

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

  protected override update(x: TypedArray, g: TypedArray, group: ParamGroup<RMSpropOptions>, parameter: Tensor): void {
    const state = this.stateOf(parameter, group)
    state.step++
    if (group.momentum > 0) state.momentumBuffer ??= stateLike(parameter)
    if (group.centered) state.gradAvg ??= stateLike(parameter)
    const buffer = group.momentum > 0 && state.momentumBuffer ? stateArray(state.momentumBuffer, this.by) : null
    const average = group.centered && state.gradAvg ? stateArray(state.gradAvg, this.by) : null
    rmsprop(x, g, stateArray(state.squareAvg, this.by), buffer, average, group)
  }
}

function rmsprop(
  x: TypedArray,
  g: TypedArray,
  v: TypedArray,
  buffer: TypedArray | null,
  average: TypedArray | null,
  { lr, alpha, eps, weightDecay, momentum, maximize }: RMSpropOptions,
): void {
  const sign = maximize ? -1 : 1
  for (let i = 0; i < x.length; i++) {
    let gi = sign * g[i]
    if (weightDecay !== 0) gi += weightDecay * x[i]
    let spread = alpha * v[i] + (1 - alpha) * gi * gi
    v[i] = spread
    if (average !== null) {
      const ai = alpha * average[i] + (1 - alpha) * gi
      average[i] = ai
      // A variance is not negative, even where the difference of two rounded squares is.
      spread = Math.max(0, spread - ai * ai)
    }
    let move = gi / (Math.sqrt(spread) + eps)
    if (buffer !== null) buffer[i] = move = momentum * buffer[i] + move
    x[i] -= lr * move
  }
}
