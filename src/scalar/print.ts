/**
 * A formula for people: `toText` for terminals and messages, `toTex` for pages. Both join the pieces that
 * `intrinsics.ts` prescribes, from the leaves up; only numbers and names are written here.
 */

import type { Scalar } from './expression.ts'
import { fold } from './fold.ts'
import { intrinsics } from './intrinsics.ts'
import { type Piece, piece, strength, tex, text } from './notation.ts'

export const toText = (s: Scalar): string =>
  fold<Piece>(s, (node, children) => {
    if (node.is === 'const') return signed(node.value, textNumber)
    return node.is === 'arg' ? piece(node.name, strength.atom) : intrinsics[node.fn].text(...children)
  }).is

export const toTex = (s: Scalar): string =>
  fold<Piece>(s, (node, children) => {
    if (node.is === 'const') return signed(node.value, texNumber)
    return node.is === 'arg' ? piece(texName(node.name), strength.atom) : intrinsics[node.fn].tex(...children)
  }).is

const over = (below: string, belowTex: string): [Piece, Piece] => {
  const one = piece('1', strength.atom)
  return [text.quotient(one, piece(below, strength.atom)), tex.fraction(one, piece(belowTex, strength.atom))]
}

/** Doubles that are some well-known number, correctly rounded: value, text, TeX. */
const wellKnown: readonly [number, Piece, Piece][] = [
  [Math.PI, piece('pi', strength.atom), piece('\\pi', strength.atom)],
  [Math.PI / 2, piece('pi/2', strength.product), piece('\\frac{\\pi}{2}', strength.power)],
  [Math.E, piece('e', strength.atom), piece('e', strength.atom)],
  [Math.LN2, piece('log(2)', strength.atom), piece('\\ln(2)', strength.atom)],
  [Math.LN10, piece('log(10)', strength.atom), piece('\\ln(10)', strength.atom)],
  [1 / Math.LN2, ...over('log(2)', '\\ln(2)')],
  [Math.LOG10E, ...over('log(10)', '\\ln(10)')],
  [Math.SQRT2, piece('sqrt(2)', strength.atom), piece('\\sqrt{2}', strength.atom)],
  [Math.SQRT1_2, ...over('sqrt(2)', '\\sqrt{2}')],
  [1.7724538509055159, piece('sqrt(pi)', strength.atom), piece('\\sqrt{\\pi}', strength.atom)],
  [0.5641895835477563, ...over('sqrt(pi)', '\\sqrt{\\pi}')],
  [1.1283791670955126, piece('2/sqrt(pi)', strength.product), piece('\\frac{2}{\\sqrt{\\pi}}', strength.power)],
  [0.7978845608028654, piece('sqrt(2/pi)', strength.atom), piece('\\sqrt{\\frac{2}{\\pi}}', strength.atom)],
  [0.3989422804014327, ...over('sqrt(2*pi)', '\\sqrt{2 \\pi}')],
]

function signed(value: number, unsigned: (value: number) => Piece): Piece {
  if (!(value < 0 || Object.is(value, -0))) return unsigned(value)
  const minus = unsigned(-value)
  return { is: `-${minus.is}`, binds: strength.sum, minus }
}

const textNumber = (value: number): Piece =>
  wellKnown.find(([known]) => known === value)?.[1] ?? piece(String(value), strength.atom)

/** 1.5e-7 is a product, 1.5 \cdot 10^{-7}. */
function texNumber(value: number): Piece {
  const known = wellKnown.find(([number]) => number === value)
  if (known !== undefined) return known[2]
  if (Number.isNaN(value)) return piece('\\mathrm{NaN}', strength.atom)
  if (value === Infinity) return piece('\\infty', strength.atom)
  const [digits, exponent] = String(value).split('e')
  if (exponent === undefined) return piece(digits, strength.atom)
  const power = `10^{${Number(exponent)}}`
  return digits === '1' ? piece(power, strength.power) : piece(`${digits} \\cdot ${power}`, strength.product)
}

const greek = new Set(
  (
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi ' +
    'omega'
  ).split(' '),
)

/** x, w_{1} for w1 or w_1, \beta_{2} for beta2, \mathrm{running}_{\mathrm{mean}} for running_mean. */
export function texName(name: string): string {
  const [, stem, afterBar, digits] = /^(.+?)(?:_(.+)|(\d+))?$/s.exec(name) ?? ['', name]
  const sub = afterBar ?? digits
  return sub === undefined ? texWord(stem) : `${texWord(stem)}_{${texWord(sub)}}`
}

function texWord(word: string): string {
  if (greek.has(word)) return `\\${word}`
  if (/^(?:[A-Za-z]|\d+)$/.test(word)) return word
  return `\\mathrm{${word.replace(/[\\{}$&#^_%~]/g, (mark) => (/[\\^~]/.test(mark) ? '\\,' : `\\${mark}`))}}`
}
