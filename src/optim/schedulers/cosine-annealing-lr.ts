/** lr_t = η + (lr_0 - η) (1 + cos(π t / T)) / 2 (Loshchilov and Hutter 2017, without restarts). */
import { integer, nonNegative, withDefaults } from '../check.ts'
import type { Optimizer } from '../optimizer.ts'
import { LRScheduler, type SchedulerOptions } from './scheduler.ts'

export interface CosineAnnealingLROptions extends SchedulerOptions {
  /** T, the time at which the rate is least. */
  tMax: number
  /** η, the least rate. */
  etaMin: number
}

/**
 * Lowers the rate to etaMin (0) along half a period of the cosine; after `tMax` steps it rises again.
 * @throws ArgumentError where an option is unknown, missing or out of range.
 * @example const opt = new optim.SGD([tensor([1])], { lr: 1 }); const s = new optim.CosineAnnealingLR(opt, { tMax: 2 }); s.step(); s.getLastLr() // [0.5]
 */
export class CosineAnnealingLR extends LRScheduler<CosineAnnealingLROptions> {
  constructor(optimizer: Optimizer, options: Partial<CosineAnnealingLROptions> & { tMax: number }) {
    const defaults: CosineAnnealingLROptions = { tMax: Number.NaN, etaMin: 0, lastEpoch: -1 }
    super('CosineAnnealingLR', optimizer, withDefaults('CosineAnnealingLR', options, defaults))
  }

  protected override check({ tMax, etaMin }: CosineAnnealingLROptions): void {
    integer('CosineAnnealingLR', 'tMax', tMax)
    nonNegative('CosineAnnealingLR', 'etaMin', etaMin)
  }

  protected override chained(lr: number, base: number, t: number): number {
    const { tMax, etaMin } = this.options
    if (t === 0) return lr
    // At the bottom there is nothing left to be scaled: the way up starts with the share of the base.
    if ((t - 1 - tMax) % (2 * tMax) === 0) return lr + ((base - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2
    const height = (time: number) => 1 + Math.cos((Math.PI * time) / tMax)
    return etaMin + (lr - etaMin) * (height(t) / height(t - 1))
  }

  protected override lrAt(base: number, t: number): number {
    const { tMax, etaMin } = this.options
    return etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * t) / tMax))) / 2
  }
}
