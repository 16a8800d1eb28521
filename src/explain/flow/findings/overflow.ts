/** Values that are not finite for other reasons than a singular point: too large, in the data, or put there on purpose. */
import type { NonFinite } from '../non-finite.ts'
import type { Diagnosis } from './finding.ts'
import { dataOf, elementText, operandsText, operation, whereOf } from './not-finite.ts'

export const overflow: Diagnosis = {
  name: 'overflow',
  title: 'Values that are not finite',
  find: ({ nonFinite }) => {
    if (!nonFinite || nonFinite.untaken) return []
    const said = explain(nonFinite)
    return said ? [{ severity: 'problem', where: whereOf(nonFinite), ...said, data: dataOf(nonFinite) }] : []
  },
}

function explain(found: NonFinite): { evidence: string; remedy: string } | null {
  const { cause, phase, where } = found
  if (cause === 'data')
    return {
      evidence: `${where ?? 'A tensor that the pass reads'} is not finite from the start: ${elementText(found)}.`,
      remedy:
        'If it is data, clean it: where(x.isnan(), 0, x). If it is a parameter, a step before this one ruined it: train from the last good state with a smaller learning rate and optim.clipGradNorm(model.parameters(), 1).',
    }
  if (cause === 'overflow')
    return {
      evidence:
        phase === 'forward'
          ? `The first result that is not finite is that of ${operation(found)}${operandsText(found)}, which is too large: ${elementText(found)}.`
          : `The loss is finite, but backward of ${operation(found)} leaves the range of numbers: the gradient ${elementText(found)}.`,
      remedy:
        'Keep values small: inputs of mean 0 and variance 1, nn.LayerNorm, a smaller learning rate, optim.clipGradNorm. For exponentials use softmax, logSoftmax or logsumexp, which subtract the largest first.',
    }
  if (cause === 'infinities')
    return {
      evidence: `${operation(found)} makes NaN of infinities that the program itself puts in, as masks do: ${elementText(found)}.`,
      remedy:
        'A row of softmax needs at least one element that is not -Infinity: leave a position unmasked, or use a large negative number such as -1e9 in its place.',
    }
  return null
}
