/** The full Jacobian by forward mode, by reverse mode and by central differences: what their passes add up to. */
import { jacfwd, jacrev } from '../../autodiff/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { PassCounts, PassTimes, Subject } from './passes.ts'
import { medianTime } from './timing.ts'

/** The full Jacobian in one of the ways. Times are in milliseconds, null where nothing was measured. */
export interface JacobianCost {
  /** Of forward mode, of reverse mode, or evaluations of the function. */
  readonly passes: number
  readonly operations: number
  /** From the time of one pass. */
  readonly extrapolated: number | null
  /** All passes at once (jacfwd, jacrev), where that fits into the budget. */
  readonly measured: number | null
}

export interface JacobianCosts {
  readonly forward: JacobianCost
  readonly reverse: JacobianCost
  readonly differences: JacobianCost
  /** The largest difference between the entries of the measured Jacobians; null where they were not. */
  readonly disagreement: number | null
}

export function jacobianCosts(
  subject: Subject,
  counts: PassCounts,
  times: PassTimes | null,
  budget: number,
): JacobianCosts {
  const { inputs: n, outputs: m } = subject
  const { evaluation, jvp: push, vjp: both, pullback } = counts
  const extrapolated = times && {
    forward: n * times.jvp,
    reverse: times.vjp + (m - 1) * times.pullback,
    differences: 2 * n * times.evaluation,
  }
  const fits = extrapolated !== null && Math.max(extrapolated.forward, extrapolated.reverse) <= budget
  const small = n * m <= MOST_ENTRIES && Math.max(n * push.elements, m * both.elements) <= MOST_ELEMENTS
  // Where passes run at once, random numbers would have to be the same in each of them.
  const measured = fits && small && !subject.random
  const whole = measured ? wholeJacobians(subject, budget / 8) : null
  const cost = (way: keyof typeof operations, passes: number): JacobianCost => ({
    passes,
    operations: operations[way],
    extrapolated: extrapolated?.[way] ?? null,
    measured: whole && way !== 'differences' ? whole[way] : null,
  })
  const operations = {
    forward: n * push.total,
    reverse: both.total + (m - 1) * pullback.total,
    differences: 2 * n * evaluation.total,
  }
  return {
    forward: cost('forward', n),
    reverse: cost('reverse', m),
    differences: cost('differences', 2 * n),
    disagreement: whole?.disagreement ?? null,
  }
}

/** Of a Jacobian that is computed as a whole, and of what its passes hold at a time. */
const MOST_ENTRIES = 2 ** 22
const MOST_ELEMENTS = 2 ** 24

function wholeJacobians({ f, xs }: Subject, budget: number) {
  const all = xs.map((_, i) => i)
  const [forward, reverse] = [jacfwd(f, all), jacrev(f, all)].map((by) => () => by(...xs) as unknown as Tensor[])
  const [a, b] = [forward(), reverse()]
  const disagreement = a.reduce((far, block, i) => {
    const other = b[i].data
    return Array.from(block.data).reduce((most, v, k) => Math.max(most, Math.abs(v - other[k])), far)
  }, 0)
  return { forward: medianTime(forward, budget), reverse: medianTime(reverse, budget), disagreement }
}
