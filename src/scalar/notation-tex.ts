/** Formulas as TeX, for math mode with amsmath. */

import { texName, texWord } from './names.ts'
import {
  type Comparison,
  type Fence,
  type Notation,
  negation,
  type Piece,
  piece,
  products,
  relation,
  remainder,
  type Script,
  strength,
  sums,
} from './notation.ts'

/** A relation inside arithmetic stands in Iverson brackets: [a < b] is 1 or 0. */
const fence: Fence = (p, needed) => {
  if (p.binds >= needed) return p.is
  if (p.condition !== undefined && p.binds === strength.relation) return `[${p.is}]`
  return inParentheses(p.is)
}

const inParentheses = (tex: string) => (/\\frac|\\begin/.test(tex) ? `\\left(${tex}\\right)` : `(${tex})`)

/** The functions that TeX has a word for. */
const known = new Set('sin cos arcsin arccos sinh cosh tanh ln min max'.split(' '))

const applied =
  (name: string): Notation =>
  (...of) => {
    const word = /^[A-Za-z]\w+$/.test(name) ? `\\operatorname{${name}}` : texWord(name)
    const operator = known.has(name) ? `\\${name}` : word
    return piece(operator + inParentheses(of.map((p) => p.is).join(', ')), strength.atom)
  }

const around =
  (open: string, close: string): Notation =>
  (a) =>
    piece(open + a.is + close, strength.atom)

/** Between product and atom: only the base of a power must fence a fraction. */
const divide: Notation = (a, b) => piece(`\\frac{${a.is}}{${b.is}}`, strength.power)

const raise: Notation = (a, b) => piece(`${fence(a, strength.atom)}^{${b.is}}`, strength.power)

/** Digits after a factor, and words beside one, would run into it: these get a dot. */
const multiply: Notation = (a, b) => {
  const [left, right] = [fence(a, strength.product), fence(b, strength.product)]
  const dot = /^([\d.]|\\mathrm)/.test(right) || /\\mathrm\{[^{}]*\}$/.test(left)
  return piece(left + (dot ? ' \\cdot ' : ' ') + right, strength.product)
}

/** 1.5e-7 is a product, 1.5 \cdot 10^{-7}. */
function digits(number: string): Piece {
  if (number === 'NaN') return piece('\\mathrm{NaN}', strength.atom)
  if (number === 'Infinity') return piece('\\infty', strength.atom)
  const [mantissa, exponent] = number.split('e')
  if (exponent === undefined) return piece(mantissa, strength.atom)
  const power = `10^{${Number(exponent)}}`
  return mantissa === '1' ? piece(power, strength.power) : piece(`${mantissa} \\cdot ${power}`, strength.product)
}

const comparisons: Readonly<Record<Comparison, string>> = { '==': '=', '<': '<', '<=': '\\le' }

const marks = {
  fence,
  plus: ' + ',
  minus: ' - ',
  sign: '-',
  and: ' \\text{ and } ',
  digits,
  multiply,
  divide,
  raise,
}

export const tex: Script = {
  fence,
  digits,
  name: (name) => piece(texName(name), strength.atom),
  ...sums(marks),
  ...products(marks),
  negation: negation(marks, strength.product),
  remainder: remainder(fence, ' \\bmod '),
  power: raise,
  root: around('\\sqrt{', '}'),
  exponential: (a) => piece(`e^{${a.is}}`, strength.power),
  magnitude: around('\\left|', '\\right|'),
  floor: around('\\left\\lfloor ', ' \\right\\rfloor'),
  relation: (comparison) => relation(fence, ` ${comparisons[comparison]} `),
  applied,
  choice: (when, a, b) => {
    const condition = when.condition ?? `${fence(when, strength.sum)} \\ne 0`
    const rows = `${a.is} & \\text{if } ${condition} \\\\ ${b.rows ?? `${b.is} & \\text{otherwise}`}`
    return { is: `\\begin{cases} ${rows} \\end{cases}`, binds: strength.choice, rows }
  },
}
