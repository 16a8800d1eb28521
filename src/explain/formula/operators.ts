/** The signs between operands: which function each stands for, and how tightly it binds. */

const relations = {
  '<': 'lt',
  '>': 'gt',
  '<=': 'le',
  '>=': 'ge',
  '==': 'eq',
  '!=': 'ne',
  '≤': 'le',
  '≥': 'ge',
  '≠': 'ne',
}
const sums = { '+': 'add', '-': 'sub', '−': 'sub' }
const products = { '*': 'mul', '·': 'mul', '⋅': 'mul', '×': 'mul', '∗': 'mul', '/': 'div', '÷': 'div', '@': 'matmul' }

/** From loosest to tightest. */
const levels = [relations, sums, products]

export const functionOf: Readonly<Record<string, string>> = Object.assign({}, ...levels)

/** What jsep takes: a level from 1 for each sign. */
export const precedence: Readonly<Record<string, number>> = Object.fromEntries(
  levels.flatMap((level, i) => Object.keys(level).map((sign) => [sign, i + 1])),
)

/** Signs that may stand in front of an operand. */
export const signs: readonly string[] = Object.keys(sums)

export const isRelation = (sign: string): boolean => Object.hasOwn(relations, sign)
