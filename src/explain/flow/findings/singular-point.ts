/** An operation at, or beyond, the end of its domain: a logarithm of 0, a division by 0, the slope of a root at 0. */
import type { NonFinite } from '../non-finite.ts'
import type { Diagnosis } from './finding.ts'
import { dataOf, elementText, operandsText, operation, whereOf } from './not-finite.ts'

export const singularPoint: Diagnosis = {
  name: 'singular-point',
  title: 'An operation outside of its domain',
  find: ({ nonFinite }) => {
    if (!nonFinite || nonFinite.untaken || (nonFinite.cause !== 'singular' && nonFinite.cause !== 'domain')) return []
    return [
      {
        severity: 'problem',
        where: whereOf(nonFinite),
        evidence: evidenceOf(nonFinite),
        remedy: remedyOf(nonFinite),
        data: dataOf(nonFinite),
      },
    ]
  },
}

function evidenceOf(found: NonFinite): string {
  const operands = operandsText(found)
  if (found.phase === 'forward')
    return `The first result that is not finite is that of ${operation(found)}${operands}: ${elementText(found)}.`
  return `The loss is finite, but the slope of ${operation(found)}${operands} is not: the gradient ${elementText(found)}.`
}

const CAREFUL =
  'Functions that see to such points themselves: norm, std, xlogy, logsumexp, logSoftmax, nn.crossEntropy, nn.bceWithLogits.'

function remedyOf({ cause, op, operands }: NonFinite): string {
  if (operands.length === 0) return `Look at the operand of ${op}: if it is a matrix, add a multiple of eye(n) to it.`
  if (cause === 'domain')
    return `Keep the operand of ${op} inside of its domain: x.clamp({ min: 1e-6 }), or where(ok, x, 1). ${CAREFUL}`
  return `Keep the operand of ${op} away from the point: x.add(1e-6) or x.clamp({ min: 1e-6 }). ${CAREFUL}`
}
