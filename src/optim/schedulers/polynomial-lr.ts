/** lr_t = lr_0 (1 - min(t, n) / n)^p */
import { integer, nonNegative, withDefaults } from '../check.ts'
import type { Optimizer } from '../optimizer.ts'
import { LRScheduler, type SchedulerOptions } from './scheduler.ts'

export interface PolynomialLROptions extends SchedulerOptions {
  /** n, after how many steps the rate is 0. */
  totalIters: number
  /** p */
  power: number
}

/**
 * Lowers the rate to 0 within totalIters (5) steps along a polynomial of the given power (1).
 * @throws ArgumentError where an option is unknown or out of range.
 * @example const opt = new optim.SGD([tensor([1])], { lr: 1 }); const s = new optim.PolynomialLR(opt, { totalIters: 2, power: 2 }); s.step(); s.getLastLr() // [0.25]
 */
export class PolynomialLR extends LRScheduler<PolynomialLROptions> {
  constructor(optimizer: Optimizer, options: Partial<PolynomialLROptions> = {}) {
    const defaults: PolynomialLROptions = { totalIters: 5, power: 1, lastEpoch: -1 }
    super('PolynomialLR', optimizer, withDefaults('PolynomialLR', options, defaults))
  }

  protected override check({ totalIters, power }: PolynomialLROptions): void {
    integer('PolynomialLR', 'totalIters', totalIters)
    nonNegative('PolynomialLR', 'power', power)
  }

  protected override chained(lr: number, _base: number, t: number): number {
    const { totalIters, power } = this.options
    return t === 0 || t > totalIters ? lr : lr * ((totalIters - t) / (totalIters - t + 1)) ** power
  }

  protected override lrAt(base: number, t: number): number {
    const { totalIters, power } = this.options
    return base * (1 - Math.min(t, totalIters) / totalIters) ** power
  }
}
