/** Multiplies the learning rate by a factor when a metric has not improved for some time. */
import { ArgumentError } from '../../errors/index.ts'
import { Tensor } from '../../tensor/index.ts'
import { integer, nonNegative, oneOf, refuseTracing, withDefaults } from '../check.ts'
import type { Optimizer } from '../optimizer.ts'
import { readState, schedulerText } from './scheduler.ts'

export interface ReduceLROnPlateauOptions {
  /** Whether a metric is better when it is smaller or when it is larger. */
  mode: 'min' | 'max'
  /** At least 0 and below 1. */
  factor: number
  /** How many steps without improvement are borne. */
  patience: number
  /** An improvement is more than this. */
  threshold: number
  /** Whether the threshold is a part of the best value or a difference from it. */
  thresholdMode: 'rel' | 'abs'
  /** For how many steps after a reduction nothing counts as bad. */
  cooldown: number
  /** The least rate: one number, or one per group. */
  minLr: number | readonly number[]
  /** A reduction by no more than this is not made. */
  eps: number
}

export type ReduceLROnPlateauState = Record<string, unknown> &
  ReduceLROnPlateauOptions & { lastEpoch: number; best: number; lastLrs: number[] }

const NAME = 'ReduceLROnPlateau'
const defaults: ReduceLROnPlateauOptions = {
  mode: 'min',
  factor: 0.1,
  patience: 10,
  threshold: 1e-4,
  thresholdMode: 'rel',
  cooldown: 0,
  minLr: 0,
  eps: 1e-8,
}

/**
 * Reduces the rate by a factor after more than `patience` steps without an improvement of the metric; NaN is none.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const opt = new optim.SGD([tensor([1])], { lr: 1 }); const s = new optim.ReduceLROnPlateau(opt, { patience: 0 }); s.step(5); s.step(5); s.getLastLr() // [0.1]
 */
export class ReduceLROnPlateau {
  readonly optimizer: Optimizer
  readonly options: ReduceLROnPlateauOptions
  lastEpoch = 0
  /** The best metric so far. */
  best: number
  numBadEpochs = 0
  cooldownCounter = 0
  private lastLrs: number[]

  constructor(optimizer: Optimizer, options: Partial<ReduceLROnPlateauOptions> = {}) {
    if (!Array.isArray(optimizer?.paramGroups))
      throw new ArgumentError(`${NAME}: the first argument must be an optimizer`)
    this.optimizer = optimizer
    this.options = withDefaults(NAME, options, defaults)
    this.check(this.options)
    this.best = this.options.mode === 'min' ? Infinity : -Infinity
    this.lastLrs = optimizer.paramGroups.map(({ lr }) => lr)
  }

  private check(options: ReduceLROnPlateauOptions): void {
    oneOf(NAME, 'mode', options.mode, ['min', 'max'])
    oneOf(NAME, 'thresholdMode', options.thresholdMode, ['rel', 'abs'])
    if (!(options.factor >= 0 && options.factor < 1)) {
      throw new ArgumentError(`${NAME}: factor must be at least 0 and below 1, got ${options.factor}`)
    }
    for (const key of ['patience', 'cooldown'] as const) integer(NAME, key, options[key], 0)
    for (const key of ['threshold', 'eps'] as const) nonNegative(NAME, key, options[key])
    const least = typeof options.minLr === 'number' ? [options.minLr] : options.minLr
    for (const lr of least) nonNegative(NAME, 'minLr', lr)
    const groups = this.optimizer.paramGroups.length
    if (typeof options.minLr !== 'number' && least.length !== groups) {
      throw new ArgumentError(`${NAME}: minLr lists ${least.length} numbers for ${groups} parameter groups`)
    }
  }

  /**
   * Takes note of the metric, a number or a tensor of one element, and reduces the rates if it is time.
   * @throws CompileError inside of a compiled function, which has no value for the metric yet.
   */
  step(metric: number | Tensor): void {
    refuseTracing(`${NAME}.step`, 'the value of the metric', 'return it from the compiled function and step outside')
    const value = metric instanceof Tensor ? metric.item() : metric
    if (typeof value !== 'number')
      throw new ArgumentError(`${NAME}.step: takes the metric, a number, got ${typeof value}`)
    this.lastEpoch++
    const better = this.isBetter(value)
    if (better) this.best = value
    this.numBadEpochs = better ? 0 : this.numBadEpochs + 1
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--
      this.numBadEpochs = 0
    }
    if (this.numBadEpochs > this.options.patience) {
      this.reduce()
      this.cooldownCounter = this.options.cooldown
      this.numBadEpochs = 0
    }
    this.lastLrs = this.optimizer.paramGroups.map(({ lr }) => lr)
  }

  private isBetter(value: number): boolean {
    const { mode, threshold, thresholdMode } = this.options
    const margin = thresholdMode === 'abs' ? threshold : Number.isFinite(this.best) ? this.best * threshold : 0
    return mode === 'min' ? value < this.best - margin : value > this.best + margin
  }

  private reduce(): void {
    const { factor, minLr, eps } = this.options
    this.optimizer.paramGroups.forEach((group, i) => {
      const lr = Math.max(group.lr * factor, typeof minLr === 'number' ? minLr : minLr[i])
      if (group.lr - lr > eps) group.lr = lr
    })
  }

  /** The rates after the last step, one per group. */
  getLastLr(): number[] {
    return [...this.lastLrs]
  }

  /** Options, time and rates in one line. */
  toString(): string {
    return schedulerText(NAME, { ...this.options, lastEpoch: this.lastEpoch, lr: this.lastLrs })
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  /** A copy of options, counters and rates, as plain data. */
  stateDict(): ReduceLROnPlateauState {
    const { lastEpoch, best, numBadEpochs, cooldownCounter, lastLrs } = this
    return structuredClone({ ...this.options, lastEpoch, best, numBadEpochs, cooldownCounter, lastLrs })
  }

  /**
   * Goes on from what `stateDict` returned.
   * @throws ArgumentError, with nothing changed, where it belongs to another scheduler or other groups.
   */
  loadStateDict(state: ReduceLROnPlateauState): void {
    const { lastEpoch, best, numBadEpochs, cooldownCounter, lastLrs, ...options } = readState(
      NAME,
      state,
      this.stateDict(),
    )
    this.check(options)
    Object.assign(this.options, options)
    Object.assign(this, { lastEpoch, best, numBadEpochs, cooldownCounter, lastLrs })
  }
}
