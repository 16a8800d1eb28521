/**
 * lr = η + (lr_0 - η) (1 + cos(π s / T_i)) / 2, s steps into the i-th period, which is T_i = T_0 m^i long (Loshchilov
 * and Hutter 2017, "SGDR").
 */
import { integer, nonNegative, withDefaults } from '../check.ts'
import type { Optimizer } from '../optimizer.ts'
import { LRScheduler, type SchedulerOptions } from './scheduler.ts'

export interface CosineAnnealingWarmRestartsOptions extends SchedulerOptions {
  /** T_0, the length of the first period. */
  t0: number
  /** m, how much longer than the one before every period is. */
  tMult: number
  /** η, the least rate. */
  etaMin: number
}

/**
 * Lowers the rate to etaMin (0) along half a period of the cosine, then starts again from the top.
 * @throws ArgumentError where an option is unknown, missing or out of range.
 * @example const opt = new optim.SGD([tensor([1])], { lr: 1 }); const s = new optim.CosineAnnealingWarmRestarts(opt, { t0: 2 }); s.step(); s.getLastLr() // [0.5]
 */
export class CosineAnnealingWarmRestarts extends LRScheduler<CosineAnnealingWarmRestartsOptions> {
  constructor(optimizer: Optimizer, options: Partial<CosineAnnealingWarmRestartsOptions> & { t0: number }) {
    const defaults: CosineAnnealingWarmRestartsOptions = { t0: Number.NaN, tMult: 1, etaMin: 0, lastEpoch: -1 }
    super('CosineAnnealingWarmRestarts', optimizer, withDefaults('CosineAnnealingWarmRestarts', options, defaults))
  }

  protected override check({ t0, tMult, etaMin }: CosineAnnealingWarmRestartsOptions): void {
    integer('CosineAnnealingWarmRestarts', 't0', t0)
    integer('CosineAnnealingWarmRestarts', 'tMult', tMult)
    nonNegative('CosineAnnealingWarmRestarts', 'etaMin', etaMin)
  }

  /** Moves on by 1, or to the given time, which may be within an epoch: `step(epoch + batch / batches)`. */
  override step(epoch?: number): void {
    if (epoch !== undefined) nonNegative(this.name, 'epoch', epoch)
    this.advanceTo(() => epoch ?? this.lastEpoch + 1)
  }

  // Without `chained`: the rate depends on nothing but the time, as in PyTorch, and what others have set is replaced.
  protected override lrAt(base: number, t: number): number {
    const { t0, tMult, etaMin } = this.options
    let [into, period] = [tMult === 1 ? t % t0 : t, t0]
    while (into >= period) {
      into -= period
      period *= tMult
    }
    return etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * into) / period))) / 2
  }
}
