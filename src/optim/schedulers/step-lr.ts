/** lr_t = lr_0 γ^⌊t / stepSize⌋ */
import { integer, nonNegative, withDefaults } from '../check.ts'
import type { Optimizer } from '../optimizer.ts'
import { LRScheduler, type SchedulerOptions } from './scheduler.ts'

export interface StepLROptions extends SchedulerOptions {
  /** After how many steps the rate is multiplied by gamma. */
  stepSize: number
  gamma: number
}

/**
 * Multiplies the rate by gamma (0.1) every `stepSize` steps.
 * @throws ArgumentError where an option is unknown, missing or out of range.
 * @example const opt = new optim.SGD([tensor([1])], { lr: 1 }); const s = new optim.StepLR(opt, { stepSize: 2 }); s.step(); s.step(); s.getLastLr() // [0.1]
 */
export class StepLR extends LRScheduler<StepLROptions> {
  constructor(optimizer: Optimizer, options: Partial<StepLROptions> & { stepSize: number }) {
    super(
      'StepLR',
      optimizer,
      withDefaults<StepLROptions>('StepLR', options, { stepSize: Number.NaN, gamma: 0.1, lastEpoch: -1 }),
    )
  }

  protected override check({ stepSize, gamma }: StepLROptions): void {
    integer('StepLR', 'stepSize', stepSize)
    nonNegative('StepLR', 'gamma', gamma)
  }

  protected override chained(lr: number, _base: number, t: number): number {
    return t > 0 && t % this.options.stepSize === 0 ? lr * this.options.gamma : lr
  }

  protected override lrAt(base: number, t: number): number {
    return base * this.options.gamma ** Math.floor(t / this.options.stepSize)
  }
}
