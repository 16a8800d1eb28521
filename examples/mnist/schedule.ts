/**
 * The learning rate over a run. One cycle (Smith and Topin 2018) trains fastest, but spends its first steps warming up;
 * of a run of a few steps that would leave little, so such a one starts at the top and falls along a cosine. Both
 * reach their end one step after the last: no step is wasted at a rate of almost nothing.
 */
import * as optim from 'chainrule/optim'
import { number } from './html.ts'

const SHORT = 20
const WARM_UP = 0.3

export interface Schedule {
  step(): void
  /** In words, for the report. */
  readonly description: string
}

export function makeSchedule(optimizer: optim.Optimizer, lr: number, steps: number): Schedule {
  if (steps < SHORT) {
    const cosine = new optim.CosineAnnealingLR(optimizer, { tMax: steps })
    return { step: () => cosine.step(), description: `from ${number(lr)} down along a cosine` }
  }
  const cycle = new optim.OneCycleLR(optimizer, {
    maxLr: lr,
    totalSteps: steps + 1,
    pctStart: WARM_UP,
    cycleMomentum: false,
  })
  const rise = `from ${number(lr / cycle.options.divFactor)} up to ${number(lr)} in ${100 * WARM_UP} % of the steps`
  return { step: () => cycle.step(), description: `one cycle, ${rise}, then down to almost 0` }
}
