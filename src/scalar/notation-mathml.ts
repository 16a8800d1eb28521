/** Formulas as MathML Core: what stands inside `<math>`. A piece is one element or several in a row. */
import { mathmlName, mathmlWord } from './names.ts'
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

const row = (is: string) => `<mrow>${is}</mrow>`

/** Only what is tall needs brackets that grow; such have space around them in some fonts. */
function between(open: string, is: string, close: string): string {
  const bracket = /<m(frac|table|sqrt)/.test(is) ? '<mo>' : '<mo stretchy="false">'
  return row(`${bracket}${open}</mo>${row(is)}${bracket}${close}</mo>`)
}

/** A relation inside arithmetic stands in Iverson brackets: [a < b] is 1 or 0. */
const fence: Fence = (p, needed) => {
  if (p.binds >= needed) return p.is
  const truth = p.condition !== undefined && p.binds === strength.relation
  return truth ? between('[', p.is, ']') : between('(', p.is, ')')
}

const around =
  (open: string, close: string): Notation =>
  (a) =>
    piece(between(open, a.is, close), strength.atom)

const divide: Notation = (a, b) => piece(`<mfrac>${row(a.is)}${row(b.is)}</mfrac>`, strength.power)

const raise: Notation = (a, b) => piece(`<msup>${row(fence(a, strength.atom))}${row(b.is)}</msup>`, strength.power)

/** Digits after a factor, and words beside one, would run into it: these get a dot. */
const multiply: Notation = (a, b) => {
  const [left, right] = [fence(a, strength.product), fence(b, strength.product)]
  const dot = /^(<m(row|sub|sup)>)*<(mn|mi>[^<]{2})/.test(right) || /<mi>[^<]{2,}<\/mi>$/.test(left)
  return piece(`${left}<mo>${dot ? '·' : '&#x2062;'}</mo>${right}`, strength.product)
}

const sign = '<mo form="prefix">−</mo>'

/** 1.5e-7 is a product, 1.5 · 10^-7. */
function digits(number: string): Piece {
  if (number === 'NaN') return piece('<mi>NaN</mi>', strength.atom)
  if (number === 'Infinity') return piece('<mi>∞</mi>', strength.atom)
  const [mantissa, exponent] = number.split('e')
  if (exponent === undefined) return piece(`<mn>${mantissa}</mn>`, strength.atom)
  const size = `<mn>${Math.abs(Number(exponent))}</mn>`
  const power = `<msup><mn>10</mn>${row(Number(exponent) < 0 ? sign + size : size)}</msup>`
  return mantissa === '1'
    ? piece(power, strength.power)
    : piece(`<mn>${mantissa}</mn><mo>·</mo>${power}`, strength.product)
}

const comparisons: Readonly<Record<Comparison, string>> = { '==': '=', '<': '&lt;', '<=': '≤' }

const applied =
  (name: string): Notation =>
  (...of) =>
    piece(
      row(`${mathmlWord(name)}<mo>&#x2061;</mo>${between('(', of.map((p) => p.is).join('<mo>,</mo>'), ')')}`),
      strength.atom,
    )

const cell = (is: string) => `<mtd style="text-align: left">${is}</mtd>`
const words = (text: string) => `<mtext>${text}</mtext>`

const marks = {
  fence,
  plus: '<mo>+</mo>',
  minus: '<mo>−</mo>',
  sign,
  and: words('&nbsp;and&nbsp;'),
  digits,
  multiply,
  divide,
  raise,
}

export const mathml: Script = {
  fence,
  digits,
  name: (name) => piece(mathmlName(name), strength.atom),
  ...sums(marks),
  ...products(marks),
  negation: negation(marks, strength.product),
  remainder: remainder(fence, '<mo lspace="0.3em" rspace="0.3em">mod</mo>'),
  power: raise,
  root: (a) => piece(`<msqrt>${a.is}</msqrt>`, strength.atom),
  exponential: (a) => piece(`<msup><mi>e</mi>${row(a.is)}</msup>`, strength.power),
  magnitude: around('|', '|'),
  floor: around('⌊', '⌋'),
  relation: (comparison) => relation(fence, `<mo>${comparisons[comparison]}</mo>`),
  applied,
  choice: (when, a, b) => {
    const condition = when.condition ?? `${fence(when, strength.sum)}<mo>≠</mo><mn>0</mn>`
    const line = `<mtr>${cell(a.is)}${cell(words('if&nbsp;') + condition)}</mtr>`
    const rows = line + (b.rows ?? `<mtr>${cell(b.is)}${cell(words('otherwise'))}</mtr>`)
    return { is: row(`<mo>{</mo><mtable>${rows}</mtable>`), binds: strength.choice, rows }
  },
}
