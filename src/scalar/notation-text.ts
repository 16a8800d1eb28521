/**
 * Formulas as plain text: `text` in ASCII, as a program would write them, and `unicode` for reading, with `·`, `x²` and
 * `√x`.
 */
import {
  type Comparison,
  type Fence,
  infix,
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

const fence: Fence = (p, needed) => (p.binds >= needed ? p.is : `(${p.is})`)

const applied =
  (name: string): Notation =>
  (...of) =>
    piece(`${name}(${of.map((p) => p.is).join(', ')})`, strength.atom)

const divide = infix(fence, '/', strength.product, strength.power)

const raise: Notation = (a, b) => piece(`${fence(a, strength.atom)}^${fence(b, strength.atom)}`, strength.power)

const multiply: Notation = (a, b) => {
  const right = /[/%]/.test(b.is) ? strength.power : strength.product
  return piece(`${fence(a, strength.product)}*${fence(b, right)}`, strength.product)
}

const condition = (when: Piece, unequal: string) => when.condition ?? `${fence(when, strength.sum)} ${unequal} 0`

const digits = (number: string): Piece => piece(number, strength.atom)

const marks = { fence, plus: ' + ', minus: ' - ', sign: '-', and: ' and ', digits, divide, raise }
const ascii = { ...marks, multiply }

export const text: Script = {
  fence,
  digits,
  name: (name) => piece(name, strength.atom),
  ...sums(ascii),
  ...products(ascii),
  negation: negation(ascii, strength.atom),
  remainder: infix(fence, ' % ', strength.product, strength.power),
  power: raise,
  root: applied('sqrt'),
  exponential: applied('exp'),
  magnitude: applied('abs'),
  floor: applied('floor'),
  relation: (comparison) => relation(fence, ` ${comparison} `),
  applied,
  choice: (when, a, b) => piece(`${condition(when, '!=')} ? ${fence(a, strength.relation)} : ${b.is}`, strength.choice),
}

const superscripts: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((c, i) => [c, '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'[i]]),
)

const raiseUnicode: Notation = (a, b) =>
  /^-?\d+$/.test(b.is)
    ? piece(fence(a, strength.atom) + b.is.replace(/./g, (c) => superscripts[c]), strength.power)
    : raise(a, b)

const comparisons: Readonly<Record<Comparison, string>> = { '==': '=', '<': '<', '<=': '≤' }
const words = new Map([
  ['pi', 'π'],
  ['Infinity', '∞'],
])
const readable = {
  ...marks,
  multiply: infix(fence, '·', strength.product, strength.product),
  // (a/b)·c and a·(b/c), whatever the rules of precedence are
  divide: ((a, b) => piece(`${fence(a, strength.product)}/${fence(b, strength.power)}`, strength.quotient)) as Notation,
  raise: raiseUnicode,
}

export const unicode: Script = {
  ...text,
  ...products(readable),
  negation: negation(readable, strength.quotient),
  name: (name) => piece(words.get(name) ?? name, strength.atom),
  digits: (number) => digits(words.get(number) ?? number),
  power: raiseUnicode,
  root: (a) => piece(`√${fence(a, strength.atom)}`, strength.atom),
  magnitude: (a) => piece(`|${a.is}|`, strength.atom),
  floor: (a) => piece(`⌊${a.is}⌋`, strength.atom),
  remainder: remainder(fence, ' mod '),
  relation: (comparison) => relation(fence, ` ${comparisons[comparison]} `),
  /** 0 if x < y, 0.5 if x = y, else 1 */
  choice: (when, a, b) => {
    const rows = `${fence(a, strength.relation)} if ${condition(when, '≠')}, ${b.rows ?? `else ${b.is}`}`
    return { is: rows, binds: strength.choice, rows }
  },
}
