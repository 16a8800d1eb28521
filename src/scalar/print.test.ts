import { describe, expect, it } from 'vitest'
import { differentiate } from './differentiate.ts'
import * as s from './expression.ts'
import { arg, c, type Scalar } from './expression.ts'
import { intrinsics } from './intrinsics.ts'
import { texName } from './names.ts'
import { type Piece, piece, strength } from './notation.ts'
import { spell, toTex, toText } from './print.ts'
import { simplify } from './simplify.ts'
import type { ScriptName } from './written.ts'

const [a, b, x, y, g] = ['a', 'b', 'x', 'y', 'g'].map(arg)

describe('text', () => {
  const rows: [Scalar, string][] = [
    [s.sub(a, s.add(b, x)), 'a - (b + x)'],
    [s.add(a, s.add(b, x)), 'a + b + x'],
    [s.sub(s.sub(a, b), x), 'a - b - x'],
    [s.neg(s.pow(x, c(2))), '-(x^2)'],
    [s.pow(s.neg(x), c(2)), '(-x)^2'],
    [s.pow(s.mul(a, b), c(2)), '(a*b)^2'],
    [s.pow(x, c(-1)), 'x^(-1)'],
    [s.pow(a, s.pow(b, x)), 'a^(b^x)'],
    [s.mul(s.add(a, b), x), '(a + b)*x'],
    [s.div(a, s.mul(b, x)), 'a/(b*x)'],
    [s.div(s.div(a, b), x), 'a/b/x'],
    [s.mul(a, s.div(b, x)), 'a*(b/x)'],
    [s.mul(a, s.div(c(1), x)), 'a/x'],
    [s.add(a, s.neg(b)), 'a - b'],
    [s.add(a, s.mul(c(-2), b)), 'a - 2*b'],
    [s.sub(a, s.neg(s.add(b, x))), 'a + (b + x)'],
    [s.mul(a, c(-3)), 'a*(-3)'],
    [s.mul(s.sin(x), s.sin(x)), 'sin(x)^2'],
    [s.select(s.lt(x, c(0)), a, s.add(b, c(1))), 'x < 0 ? a : b + 1'],
    [s.add(s.select(x, a, b), c(1)), '(x != 0 ? a : b) + 1'],
    [s.mul(s.lt(x, y), a), '(x < y)*a'],
    [s.fmod(a, s.fmod(b, x)), 'a % (b % x)'],
    [s.mul(x, c(Math.SQRT1_2)), 'x/sqrt(2)'],
    [s.mul(c(1 / 6), s.add(x, c(3))), '(x + 3)/6'],
    [s.add(c(-2 / 3), c(0.1 + 0.2)), '-(2/3) + 0.30000000000000004'],
    [c(-0), '-0'],
    [s.atan2(y, s.exp(x)), 'atan2(y, exp(x))'],
  ]
  for (const [formula, expected] of rows) it(expected, () => expect(toText(formula)).toBe(expected))
})

describe('TeX', () => {
  const rows: [Scalar, string][] = [
    [s.mul(g, s.mul(y, s.sub(c(1), y))), 'g y (1 - y)'],
    [s.neg(s.pow(x, c(2))), '-x^{2}'],
    [s.pow(s.div(a, b), c(2)), '\\left(\\frac{a}{b}\\right)^{2}'],
    [s.mul(c(2), c(3)), '2 \\cdot 3'],
    [s.mul(g, s.div(c(1), s.mul(s.cosh(x), s.cosh(x)))), '\\frac{g}{\\cosh(x)^{2}}'],
    [s.div(s.neg(a), b), '-\\frac{a}{b}'],
    [s.log1p(s.exp(s.neg(x))), '\\ln(1 + e^{-x})'],
    [s.sqrt(s.abs(x)), '\\sqrt{\\left|x\\right|}'],
    [s.mul(c(2 / Math.sqrt(Math.PI)), x), '\\frac{2}{\\sqrt{\\pi}} x'],
    [s.mul(s.le(x, c(0)), y), '[x \\le 0] y'],
    [s.erf(s.div(x, y)), '\\operatorname{erf}\\left(\\frac{x}{y}\\right)'],
    [s.mul(c(1.5e-7), x), '1.5 \\cdot 10^{-7} x'],
    [s.sub(c(-Infinity), c(NaN)), '-\\infty - \\mathrm{NaN}'],
    [
      s.select(s.lt(x, y), a, s.select(s.eq(x, y), b, c(0))),
      '\\begin{cases} a & \\text{if } x < y \\\\ b & \\text{if } x = y \\\\ 0 & \\text{otherwise} \\end{cases}',
    ],
  ]
  for (const [formula, expected] of rows) it(expected, () => expect(toTex(formula)).toBe(expected))

  it('names', () => {
    const names = ['x', 'w1', 'w_1', 'beta2', 'running_mean', 'gradient', '_a', 'a_', '$b', 'x12y']
    expect(names.map(texName)).toEqual([
      'x',
      'w_{1}',
      'w_{1}',
      '\\beta_{2}',
      '\\mathrm{running}_{\\mathrm{mean}}',
      '\\mathrm{gradient}',
      '\\mathrm{\\_a}',
      '\\mathrm{a\\_}',
      '\\mathrm{\\$b}',
      '\\mathrm{x12y}',
    ])
  })
})

describe('text for reading', () => {
  const rows: [Scalar, string][] = [
    [s.pow(s.sub(a, b), c(2)), '(a - b)²'],
    [s.pow(x, c(-1)), 'x⁻¹'],
    [s.pow(x, c(0.5)), 'x^0.5'],
    [s.pow(x, y), 'x^y'],
    [s.neg(s.pow(x, c(2))), '-x²'],
    [s.mul(s.add(a, b), x), '(a + b)·x'],
    [s.mul(s.div(a, b), x), '(a/b)·x'],
    [s.mul(x, s.fmod(a, b)), 'x·(a mod b)'],
    [s.sqrt(s.div(c(2), c(Math.PI))), '√(2/π)'],
    [s.abs(s.floor(x)), '|⌊x⌋|'],
    [s.select(s.lt(x, y), c(0), s.select(s.eq(x, y), c(0.5), c(1))), '0 if x < y, 0.5 if x = y, else 1'],
    [s.select(x, s.select(y, a, b), c(1)), '(a if y ≠ 0, else b) if x ≠ 0, else 1'],
    [s.mul(g, s.select(s.le(x, c(0)), c(0), c(1))), 'g·(0 if x ≤ 0, else 1)'],
    [c(-Infinity), '-∞'],
  ]
  for (const [formula, expected] of rows) it(expected, () => expect(spell(formula, 'unicode').is).toBe(expected))
})

describe('MathML', () => {
  const open = '<mrow><mo stretchy="false">(</mo><mrow>'
  const close = '</mrow><mo stretchy="false">)</mo></mrow>'
  const rows: [Scalar, string][] = [
    [s.add(x, c(-2)), '<mi>x</mi><mo>−</mo><mn>2</mn>'],
    [s.mul(x, s.sub(a, b)), `<mi>x</mi><mo>&#x2062;</mo>${open}<mi>a</mi><mo>−</mo><mi>b</mi>${close}`],
    [s.mul(x, c(2)), '<mi>x</mi><mo>·</mo><mn>2</mn>'],
    [s.mul(x, arg('scale')), '<mi>x</mi><mo>·</mo><mi>scale</mi>'],
    [s.div(c(1), x), '<mfrac><mrow><mn>1</mn></mrow><mrow><mi>x</mi></mrow></mfrac>'],
    [s.pow(x, c(2)), '<msup><mrow><mi>x</mi></mrow><mrow><mn>2</mn></mrow></msup>'],
    [s.log(x), `<mrow><mi>ln</mi><mo>&#x2061;</mo>${open}<mi>x</mi>${close}</mrow>`],
    [s.sqrt(x), '<msqrt><mi>x</mi></msqrt>'],
    [s.lt(x, y), '<mi>x</mi><mo>&lt;</mo><mi>y</mi>'],
    [c(-Infinity), '<mo form="prefix">−</mo><mi>∞</mi>'],
  ]
  for (const [formula, expected] of rows) it(toText(formula), () => expect(spell(formula, 'mathml').is).toBe(expected))

  it('has brackets that grow around what is tall', () => {
    expect(spell(s.exp(s.pow(s.div(a, b), c(2))), 'mathml').is).toContain('<mo>(</mo><mrow><mfrac>')
  })
})

describe('every intrinsic', () => {
  for (const [fn, { value, written }] of Object.entries(intrinsics)) {
    it(`${fn} shows its arguments in every script`, () => {
      const of = [a, b, g].slice(0, fn === 'select' ? 3 : value.length)
      for (const script of Object.keys(written) as ScriptName[]) {
        const shown = spell(s.call(fn as s.Intrinsic, ...of), script).is.replace(/<[^>]*>/g, ' ')
        for (const name of ['a', 'b', 'g'].slice(0, of.length)) expect(shown).toMatch(new RegExp(`\\b${name}\\b`))
      }
    })
  }
})

describe('values in the place of names', () => {
  const given = (value: number): Piece => {
    const size = { ...piece(String(Math.abs(value)), strength.atom), given: true } as const
    return value < 0 ? { is: `-${size.is}`, binds: strength.sum, minus: size, given: true } : size
  }
  const rows: [Scalar, string][] = [
    [s.add(a, b), '3 + (-3)'],
    [s.sub(a, b), '3 - (-3)'],
    [s.add(b, a), '-3 + 3'],
    [s.neg(b), '-(-3)'],
    [s.mul(a, x), '3*3'],
    [s.mul(a, b), '3*(-3)'],
    [s.add(a, s.mul(b, x)), '3 + (-3*3)'],
    [s.pow(b, c(2)), '(-3)^2'],
    [s.add(a, s.sub(b, a)), '3 + (-3 - 3)'],
    [s.add(y, s.neg(a)), 'y - 3'],
  ]
  const values: Record<string, Piece> = { a: given(3), b: given(-3), x: given(3) }
  for (const [formula, expected] of rows)
    it(`${toText(formula)} is ${expected}`, () =>
      expect(spell(formula, 'text', (name) => values[name]).is).toBe(expected))
})

describe('derivatives as printed', () => {
  const rows: [Scalar, string][] = [
    [s.pow(x, c(3)), '3*x^2'],
    [s.div(x, y), '1/y'],
    [s.sin(s.mul(x, x)), 'cos(x^2)*2*x'],
    [s.log1p(s.exp(s.neg(x))), '-(exp(-x)/(1 + exp(-x)))'],
    [s.max(x, y), 'x < y ? 0 : x == y ? 0.5 : 1'],
    [s.pow(x, y), 'x == 0 and y == 0 ? 0 : y*x^(y - 1)'],
    [s.erf(x), '2/sqrt(pi)*exp(-(x^2))'],
    [s.atan2(x, y), 'y/(y^2 + x^2)'],
    [s.mul(y, c(3)), '0'],
  ]
  for (const [formula, expected] of rows) it(expected, () => expect(toText(differentiate(formula, 'x'))).toBe(expected))
})

describe('simplify', () => {
  const rows: [Scalar, string][] = [
    [s.add(x, c(0)), 'x'],
    [s.sub(c(0), x), '-x'],
    [s.mul(c(1), s.div(x, c(1))), 'x'],
    [s.neg(s.neg(x)), 'x'],
    [s.mul(x, c(-1)), '-x'],
    [s.mul(x, c(0)), '0*x'],
    [s.mul(s.lt(x, y), c(0)), '0'],
    [s.pow(x, c(1)), 'x'],
    [s.pow(x, c(0)), '1'],
    [s.select(c(1), a, b), 'a'],
    [s.select(s.lt(x, y), s.add(a, c(0)), a), 'a'],
    [s.mul(s.neg(x), s.neg(y)), 'x*y'],
    [s.neg(s.sub(x, y)), 'y - x'],
    [s.add(s.sin(x), s.sin(x)), '2*sin(x)'],
    [s.mul(c(3), s.sqrt(c(4))), '6'],
    [s.add(c(0.1), s.add(c(0.2), x)), '0.1 + 0.2 + x'],
  ]
  for (const [formula, expected] of rows) it(expected, () => expect(toText(simplify(formula))).toBe(expected))

  it('makes equal parts one object', () => {
    const sum = simplify(s.pow(s.sin(x), s.sin(x)))
    expect(sum.is === 'call' && sum.of[0] === sum.of[1]).toBe(true)
  })
})
