/** lr_t = lr_0 γ^n, where n of the milestones have been reached. */
import { ArgumentError } from '../../errors/index.ts'
import { integer, nonNegative, withDefaults } from '../check.ts'
import type { Optimizer } from '../optimizer.ts'
import { LRScheduler, type SchedulerOptions } from './scheduler.ts'

export interface MultiStepLROptions extends SchedulerOptions {
  /** The times at which the rate is multiplied by gamma; one that is listed twice counts twice. */
  milestones: readonly number[]
  gamma: number
}

/**
 * Multiplies the rate by gamma (0.1) at every milestone.
 * @throws ArgumentError where an option is unknown, missing or out of range.
 * @example const opt = new optim.SGD([tensor([1])], { lr: 1 }); const s = new optim.MultiStepLR(opt, { milestones: [1, 3] }); s.step(); s.getLastLr() // [0.1]
 */
export class MultiStepLR extends LRScheduler<MultiStepLROptions> {
  constructor(optimizer: Optimizer, options: Partial<MultiStepLROptions> & { milestones: readonly number[] }) {
    const defaults: MultiStepLROptions = { milestones: [], gamma: 0.1, lastEpoch: -1 }
    super('MultiStepLR', optimizer, withDefaults('MultiStepLR', options, defaults))
  }

  protected override check({ milestones, gamma }: MultiStepLROptions): void {
    if (!Array.isArray(milestones) || milestones.length === 0) {
      throw new ArgumentError('MultiStepLR: milestones must be an array of at least one time')
    }
    for (const milestone of milestones) integer('MultiStepLR', 'milestones', milestone)
    nonNegative('MultiStepLR', 'gamma', gamma)
  }

  protected override chained(lr: number, _base: number, t: number): number {
    const { milestones, gamma } = this.options
    return lr * gamma ** milestones.filter((milestone) => milestone === t).length
  }

  protected override lrAt(base: number, t: number): number {
    const { milestones, gamma } = this.options
    return base * gamma ** milestones.filter((milestone) => milestone <= t).length
  }
}
