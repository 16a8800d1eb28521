/**
 * What Adam and its kin (AdamW, NAdam, RAdam) have in common: m and v, the running averages of g and g², the numbers that
 * these take, and weight decay through the gradient or apart from it.
 */
import { mul, type Scalar } from '../scalar/index.ts'
import type { Hyper } from './groups.ts'
import { averaged, averagedSquare, penalized } from './rule.ts'

/** Decay rates and what they leave, ε, λ, and 1 - lr λ. */
export const momentNumbers = ['beta1', 'rest1', 'beta2', 'rest2', 'eps', 'weightDecay', 'shrink'] as const

export type MomentNames = (typeof momentNumbers)[number] | 'expAvg' | 'expAvgSq'

interface MomentHyper extends Hyper {
  readonly betas: readonly [number, number]
  readonly eps: number
  readonly weightDecay: number
}

/** The values of `momentNumbers`. */
export const momentNumbersOf = ({ betas: [beta1, beta2], eps, lr, weightDecay }: MomentHyper): readonly number[] => [
  beta1,
  1 - beta1,
  beta2,
  1 - beta2,
  eps,
  weightDecay,
  1 - lr * weightDecay,
]

export interface MomentSwitches {
  readonly maximize: boolean
  readonly decays: boolean
  /** Whether the weights decay by a factor of θ instead of through the gradient. */
  readonly decoupled: boolean
}

/** The gradient, its averages, and the parameter that the step starts from. */
export function moments(
  a: Readonly<Record<MomentNames | 'x' | 'g', Scalar>>,
  { maximize, decays, decoupled }: MomentSwitches,
): Readonly<Record<'g' | 'm' | 'v' | 'x', Scalar>> {
  const g = penalized(a, maximize, decays && !decoupled)
  return {
    g,
    m: averaged(a.beta1, a.expAvg, a.rest1, g),
    v: averagedSquare(a.beta2, a.expAvgSq, a.rest2, g),
    x: decays && decoupled ? mul(a.shrink, a.x) : a.x,
  }
}
