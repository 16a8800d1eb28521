/** NaN out of a branch that was not taken: its derivative is infinite where the choice left it out, and 0 · ∞ is NaN. */
import type { Diagnosis } from './finding.ts'
import { dataOf, operandsText, operation, whereOf } from './not-finite.ts'
import { atLine } from './words.ts'

export const untakenBranch: Diagnosis = {
  name: 'untaken-branch',
  title: 'NaN from a branch that is not taken',
  find: ({ nonFinite }) => {
    if (!nonFinite?.untaken) return []
    const { op, untaken } = nonFinite
    const by = `${untaken.op}${atLine(untaken.source)}`
    const left = untaken.conditional
      ? `takes the other branch for ${untaken.count} of ${untaken.size} elements`
      : `is flat at ${untaken.count} of ${untaken.size} elements`
    return [
      {
        severity: 'problem',
        where: whereOf(nonFinite),
        evidence: `${by} ${left}, but backward goes through ${operation(nonFinite)} there all the same: the cotangent 0 meets the infinite slope${operandsText(nonFinite)}, and 0 · ∞ is NaN.`,
        remedy: untaken.conditional
          ? `Guard the operand as well, not only the result: where(ok, where(ok, x, 1).${op}(), other), so that ${op} never sees a value at which it has no slope.`
          : `Bound the operand of ${op}, not its result: x.clamp({ min: 1e-6 }).${op}().`,
        data: { ...dataOf(nonFinite), leftOutBy: untaken.op, leftOut: untaken.count },
      },
    ]
  },
}
