/** lr_t = lr_0 (a + (b - a) min(t, n) / n) */
import { fraction, integer, withDefaults } from '../check.ts'
import type { Optimizer } from '../optimizer.ts'
import { LRScheduler, type SchedulerOptions } from './scheduler.ts'

export interface LinearLROptions extends SchedulerOptions {
  /** a, from 0 to 1. */
  startFactor: number
  /** b, from 0 to 1. */
  endFactor: number
  /** n, after how many steps the end is reached. */
  totalIters: number
}

/**
 * Changes the factor of the rate linearly from startFactor (1/3) to endFactor (1) within totalIters (5) steps: a warm-up.
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const opt = new optim.SGD([tensor([1])], { lr: 1 }); const s = new optim.LinearLR(opt, { startFactor: 0.5, totalIters: 2 }); s.step(); s.getLastLr() // [0.75]
 */
export class LinearLR extends LRScheduler<LinearLROptions> {
  constructor(optimizer: Optimizer, options: Partial<LinearLROptions> = {}) {
    const defaults: LinearLROptions = { startFactor: 1 / 3, endFactor: 1, totalIters: 5, lastEpoch: -1 }
    super('LinearLR', optimizer, withDefaults('LinearLR', options, defaults))
  }

  protected override check({ startFactor, endFactor, totalIters }: LinearLROptions): void {
    fraction('LinearLR', 'startFactor', startFactor)
    fraction('LinearLR', 'endFactor', endFactor)
    integer('LinearLR', 'totalIters', totalIters)
  }

  protected override chained(lr: number, base: number, t: number): number {
    if (t === 0) return lr * this.factor(0)
    if (t > this.options.totalIters) return lr
    // From a factor of 0 no ratio leads on.
    return this.factor(t - 1) === 0 ? this.lrAt(base, t) : lr * (this.factor(t) / this.factor(t - 1))
  }

  protected override lrAt(base: number, t: number): number {
    return base * this.factor(t)
  }

  private factor(t: number): number {
    const { startFactor, endFactor, totalIters } = this.options
    return startFactor + ((endFactor - startFactor) * Math.min(t, totalIters)) / totalIters
  }
}
