/** lr_t = lr_0 γ^t */
import { nonNegative, withDefaults } from '../check.ts'
import type { Optimizer } from '../optimizer.ts'
import { LRScheduler, type SchedulerOptions } from './scheduler.ts'

export interface ExponentialLROptions extends SchedulerOptions {
  gamma: number
}

/**
 * Multiplies the rate by gamma in every step.
 * @throws ArgumentError where an option is unknown, missing or out of range.
 * @example const opt = new optim.SGD([tensor([1])], { lr: 1 }); const s = new optim.ExponentialLR(opt, { gamma: 0.5 }); s.step(); s.step(); s.getLastLr() // [0.25]
 */
export class ExponentialLR extends LRScheduler<ExponentialLROptions> {
  constructor(optimizer: Optimizer, options: Partial<ExponentialLROptions> & { gamma: number }) {
    super(
      'ExponentialLR',
      optimizer,
      withDefaults<ExponentialLROptions>('ExponentialLR', options, { gamma: Number.NaN, lastEpoch: -1 }),
    )
  }

  protected override check({ gamma }: ExponentialLROptions): void {
    nonNegative('ExponentialLR', 'gamma', gamma)
  }

  protected override chained(lr: number, _base: number, t: number): number {
    return t > 0 ? lr * this.options.gamma : lr
  }

  protected override lrAt(base: number, t: number): number {
    return base * this.options.gamma ** t
  }
}
