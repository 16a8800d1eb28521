/** What the three diagnoses of NaN and infinities have in common: which operation, which element, of what. */

import { shortNumber } from '../../render/number.ts'
import type { NonFinite, OperandAt } from '../non-finite.ts'
import type { Where } from './finding.ts'
import { atLine, placeOf } from './words.ts'

export const whereOf = ({ where, source }: NonFinite): Where => ({
  ...(where !== null && { layers: [where] }),
  source: placeOf(source),
})

/** `log in 0 at model.ts:12`. */
export const operation = ({ op, where, source }: NonFinite): string =>
  `${op}${where && where !== op ? ` in ${where}` : ''}${atLine(source)}`

/** ` of x = 0`, ` of a = 1 and b = 0`, or nothing where operands are not told. */
export function operandsText({ operands }: NonFinite): string {
  const one = ({ name, value }: OperandAt) =>
    name === undefined ? shortNumber(value) : `${name} = ${shortNumber(value)}`
  return operands.length === 0 ? '' : ` of ${operands.map(one).join(' and ')}`
}

/** `element [0, 2] is NaN, as are 3 of 8`. */
export const elementText = ({ value, index, count, size }: NonFinite): string =>
  `${index.length === 0 ? 'is' : `element [${index.join(', ')}] is`} ${shortNumber(value)}${size > 1 ? `; ${count} of ${size} are not finite` : ''}`

export const dataOf = ({ phase, cause, op, value, index, count, size, operands }: NonFinite) => ({
  phase,
  cause,
  op,
  value: String(value),
  index,
  count,
  size,
  operands,
})
