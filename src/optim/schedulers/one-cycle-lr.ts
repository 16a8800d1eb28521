/**
 * The 1cycle policy (Smith and Topin 2018): the rate rises from maxLr / divFactor to maxLr and falls to a final one far
 * below its start, while the momentum does the opposite. With three phases it first returns to its start.
 */
import { ArgumentError } from '../../errors/index.ts'
import { flag, fraction, integer, oneOf, positive, withDefaults } from '../check.ts'
import type { ParamGroup } from '../groups.ts'
import type { Optimizer } from '../optimizer.ts'
import { LRScheduler, type SchedulerOptions } from './scheduler.ts'

export interface OneCycleLROptions extends SchedulerOptions {
  /** The highest rate: one number, or one per group. */
  maxLr: number | readonly number[]
  /** How many steps the cycle has; `epochs` times `stepsPerEpoch` unless given. */
  totalSteps: number | undefined
  epochs: number | undefined
  stepsPerEpoch: number | undefined
  /** The part of the cycle in which the rate rises. */
  pctStart: number
  annealStrategy: 'cos' | 'linear'
  /** Whether `momentum`, or the first of `betas`, is changed too. */
  cycleMomentum: boolean
  /** Least and largest momentum: one number, or one per group. */
  baseMomentum: number | readonly number[]
  maxMomentum: number | readonly number[]
  /** maxLr over the rate at the start. */
  divFactor: number
  /** The rate at the start over that at the end. */
  finalDivFactor: number
  threePhase: boolean
}

const defaults: OneCycleLROptions = {
  maxLr: Number.NaN,
  totalSteps: undefined,
  epochs: undefined,
  stepsPerEpoch: undefined,
  pctStart: 0.3,
  annealStrategy: 'cos',
  cycleMomentum: true,
  baseMomentum: 0.85,
  maxMomentum: 0.95,
  divFactor: 25,
  finalDivFactor: 1e4,
  threePhase: false,
  lastEpoch: -1,
}

/** Where a phase ends and how high the rate is then: 0 at the start of the cycle, 1 at its top, -1 at its end. */
type Phase = readonly [end: number, height: number]
type MomentumGroup = ParamGroup & { momentum?: number; betas?: readonly number[] }

const NAME = 'OneCycleLR'
const of = (value: number | readonly number[], i: number): number => (typeof value === 'number' ? value : value[i])

/**
 * One rise and fall of the rate within `totalSteps` steps (or `epochs` of `stepsPerEpoch`), with the momentum in the opposite sense.
 * @throws ArgumentError where an option is unknown, missing or out of range, or `step` goes beyond the cycle.
 * @example const opt = new optim.SGD([tensor([1])], { momentum: 0.9 }); const s = new optim.OneCycleLR(opt, { maxLr: 1, totalSteps: 10 }); s.step(); s.step(); s.getLastLr() // [1]
 */
export class OneCycleLR extends LRScheduler<OneCycleLROptions> {
  constructor(optimizer: Optimizer, options: Partial<OneCycleLROptions> & { maxLr: number | readonly number[] }) {
    const filled = withDefaults(NAME, options, defaults)
    for (const key of ['epochs', 'stepsPerEpoch'] as const)
      if (filled[key] !== undefined) integer(NAME, key, filled[key])
    if (filled.totalSteps === undefined) {
      if (filled.epochs === undefined || filled.stepsPerEpoch === undefined) {
        throw new ArgumentError(`${NAME}: needs totalSteps, or epochs and stepsPerEpoch`)
      }
      filled.totalSteps = filled.epochs * filled.stepsPerEpoch
    }
    super(NAME, optimizer, filled)
  }

  protected override check(options: OneCycleLROptions): void {
    integer(NAME, 'totalSteps', options.totalSteps)
    fraction(NAME, 'pctStart', options.pctStart)
    oneOf(NAME, 'annealStrategy', options.annealStrategy, ['cos', 'linear'])
    flag(NAME, 'cycleMomentum', options.cycleMomentum)
    flag(NAME, 'threePhase', options.threePhase)
    positive(NAME, 'divFactor', options.divFactor)
    positive(NAME, 'finalDivFactor', options.finalDivFactor)
    const groups: MomentumGroup[] = this.optimizer.paramGroups
    for (const key of ['maxLr', 'baseMomentum', 'maxMomentum'] as const) {
      const value = options[key]
      if (Array.isArray(value) && value.length !== groups.length) {
        throw new ArgumentError(`${NAME}: ${key} lists ${value.length} numbers for ${groups.length} parameter groups`)
      }
      const holds = key === 'maxLr' ? positive : fraction
      for (const x of typeof value === 'number' ? [value] : value) holds(NAME, key, x)
    }
    if (options.cycleMomentum && groups.some((group) => !('momentum' in group || 'betas' in group))) {
      throw new ArgumentError(`${NAME}: ${this.optimizer.name} has no momentum; pass { cycleMomentum: false }`)
    }
  }

  protected override baseOf(i: number): number {
    return of(this.options.maxLr, i) / this.options.divFactor
  }

  // Without `chained`: rate and momentum depend on nothing but the time, as in PyTorch: what others have set is replaced.
  protected override advance(t: number): void {
    const { totalSteps = 0, cycleMomentum, maxMomentum, baseMomentum } = this.options
    if (t > totalSteps) throw new ArgumentError(`${NAME}: step ${t} is beyond the ${totalSteps} steps of the cycle`)
    const groups: MomentumGroup[] = this.optimizer.paramGroups
    super.advance(t)
    if (!cycleMomentum) return
    groups.forEach((group, i) => {
      const [least, most] = [of(baseMomentum, i), of(maxMomentum, i)]
      const momentum = this.between(t, [most, least, most])
      if ('momentum' in group) group.momentum = momentum
      else if (group.betas) group.betas = [momentum, ...group.betas.slice(1)]
    })
  }

  protected override lrAt(base: number, t: number, i: number): number {
    return this.between(t, [base, of(this.options.maxLr, i), base / this.options.finalDivFactor])
  }

  /** The value at time t of what is `start`, `top` and `end` at these heights of the cycle. */
  private between(t: number, [start, top, end]: readonly [number, number, number]): number {
    const value = (height: number) => (height === 1 ? top : height === 0 ? start : end)
    let [from, before] = [0, start]
    for (const [until, height] of this.phases()) {
      const after = value(height)
      // The step after the last one, which PyTorch allows too, stays at the end.
      if (t <= until) return this.anneal(before, after, until > from ? (t - from) / (until - from) : 1)
      from = until
      before = after
    }
    return end
  }

  private phases(): Phase[] {
    const { totalSteps = 0, pctStart, threePhase } = this.options
    const rise: Phase = [pctStart * totalSteps - 1, 1]
    const fall: Phase = [totalSteps - 1, -1]
    return threePhase ? [rise, [2 * pctStart * totalSteps - 2, 0], fall] : [rise, fall]
  }

  private anneal(from: number, to: number, part: number): number {
    if (this.options.annealStrategy === 'linear') return (to - from) * part + from
    return to + ((from - to) / 2) * (Math.cos(Math.PI * part) + 1)
  }
}
