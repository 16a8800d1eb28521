/** How much there is to a formula. */
import { fold, type Scalar } from '../../../scalar/index.ts'

const known = new WeakMap<Scalar, number>()

/** Calls of a formula, equal objects once. */
export function callsOf(formula: Scalar): number {
  let calls = known.get(formula)
  if (calls === undefined) {
    calls = 0
    fold(formula, (node) => {
      if (node.is === 'call') calls!++
    })
    known.set(formula, calls)
  }
  return calls
}
