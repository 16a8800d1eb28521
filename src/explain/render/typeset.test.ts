import { describe, expect, it } from 'vitest'
import * as s from '../../scalar/index.ts'
import { arg, c } from '../../scalar/index.ts'
import * as t from './typeset.ts'

const {
  approx,
  apply,
  difference,
  equals,
  fromScalar,
  negative,
  number,
  partial,
  power,
  product,
  quotient,
  sum,
  symbol,
} = t

describe('names', () => {
  const rows: [string, string, string][] = [
    ['x', 'x', '<mi>x</mi>'],
    ['w1', 'w_{1}', '<msub><mi>w</mi><mn>1</mn></msub>'],
    ['sigma', '\\sigma', '<mi>σ</mi>'],
    ['δ2', '\\delta_{2}', '<msub><mi>δ</mi><mn>2</mn></msub>'],
    ['loss', '\\mathrm{loss}', '<mi>loss</mi>'],
    ["y'", "y'", '<msup><mi>y</mi><mo>′</mo></msup>'],
    ['x[0]', 'x_{0}', '<msub><mi>x</mi><mrow><mn>0</mn></mrow></msub>'],
    ['0.weight', '\\mathrm{0.weight}', '<mi>0.weight</mi>'],
    ['in_proj_weight', '\\mathrm{in\\_proj\\_weight}', '<mi>in_proj_weight</mi>'],
    ['\\frac{', '\\mathrm{\\backslash frac\\{}', '<mi>\\frac{</mi>'],
    ['<b>', '\\mathrm{<b>}', '<mi>&lt;b&gt;</mi>'],
    ['Δσ!', '\\Delta\\sigma\\mathrm{!}', '<mi>Δσ!</mi>'],
    ['größe', '\\mathrm{gr}\\text{öß}\\mathrm{e}', '<mi>größe</mi>'],
  ]
  for (const [name, tex, mathml] of rows)
    it(name, () => expect(symbol(name)).toMatchObject({ text: name, tex, mathml }))

  it('an element of a name with a number is an element of the whole', () => {
    expect(symbol('W1[0,0]').tex).toBe('(W_{1})_{0,0}')
    expect(symbol('W1[0,0]').text).toBe('W1[0,0]')
  })

  it('spells out what cannot be seen', () => {
    expect(symbol('a\nb\u202e').text).toBe('a\\nb\\u202e')
    expect(symbol('a\u001b').tex).toBe('\\mathrm{a\\backslash u001b}')
    expect(symbol('').text).toBe('?')
  })
})

describe('formulas as text', () => {
  const w = symbol('w')
  const rows: [t.Typeset, string][] = [
    [number(-1.2e-7), '-1.2e-7'],
    [number(2n ** 100n), '1267650600228229401496703205376'],
    [partial('L', 'W1[0,0]'), '∂L/∂W1[0,0]'],
    [partial(product(['a', 'b']), 'w'), '∂(a · b)/∂w'],
    [product([partial('L', 'y'), partial('y', 'w')]), '∂L/∂y · ∂y/∂w'],
    [product([0.536, 0.6, 1, 0.5]), '0.536 × 0.6 × 1 × 0.5'],
    [product([-2, 1, -3]), '-2 × 1 × (-3)'],
    [product([2, difference('a', 't')]), '2 · (a - t)'],
    [product([negative('a'), 'b']), '-a · b'],
    [product([w]), 'w'],
    [product([]), '1'],
    [sum([0.1, -0.2, product([-0.5, 2])]), '0.1 + (-0.2) + (-0.5 × 2)'],
    [sum(['a', negative('b')]), 'a - b'],
    [sum([]), '0'],
    [difference('a', difference('b', 'c')), 'a - (b - c)'],
    [difference('a', -3), 'a - (-3)'],
    [quotient(1, sum([1, 'x'])), '1/(1 + x)'],
    [quotient('a', partial('L', 'w')), 'a/(∂L/∂w)'],
    [power(difference('a', 't'), 2), '(a - t)²'],
    [power(-3, 2), '(-3)²'],
    [power('x', -1), 'x⁻¹'],
    [power('x', 'n'), 'x^n'],
    [power(partial('L', 'w'), 2), '(∂L/∂w)²'],
    [apply('σ', ['z']), 'σ(z)'],
    [apply("relu'", [sum(['a', 'b']), -1]), "relu'(a + b, -1)"],
    [equals('L', product([2, 3]), 6), 'L = 2 × 3 = 6'],
    [equals('L', approx(product([0.333, 3]), 1)), 'L = 0.333 × 3 ≈ 1'],
    [sum([0.1, t.ellipsis, t.words('and 7 more')]), '0.1 + … + and 7 more'],
  ]
  for (const [formula, expected] of rows) it(expected, () => expect(formula.text).toBe(expected))
})

describe('formulas as TeX', () => {
  const rows: [t.Typeset, string][] = [
    [number(-1.2e-7), '-1.2 \\cdot 10^{-7}'],
    [number(-Infinity), '-\\infty'],
    [partial('L', 'W1[0,0]'), '\\frac{\\partial L}{\\partial (W_{1})_{0,0}}'],
    [product([partial('L', 'y'), -2]), '\\frac{\\partial L}{\\partial y} \\cdot (-2)'],
    [product([0.5, 2]), '0.5 \\times 2'],
    [power(partial('L', 'w'), 2), '\\left(\\frac{\\partial L}{\\partial w}\\right)^{2}'],
    [apply('σ', [quotient('a', 'b')]), '\\sigma\\left(\\frac{a}{b}\\right)'],
    [apply('relu', ['z']), '\\operatorname{relu}(z)'],
    [apply('f_1%', ['z']), '\\mathrm{f\\_1\\%}(z)'],
    [equals('L', approx(1, 2)), 'L = 1 \\approx 2'],
    [t.words('and 7 more'), '\\text{and 7 more}'],
    [t.words('100 % of $'), '\\mathrm{100\\ \\%\\ of\\ \\$}'],
  ]
  for (const [formula, expected] of rows) it(expected, () => expect(formula.tex).toBe(expected))
})

describe('formulas as MathML', () => {
  it('has one element per part', () => {
    expect(partial('L', 'w').mathml).toBe(
      '<mfrac><mrow><mo>∂</mo><mi>L</mi></mrow><mrow><mo>∂</mo><mi>w</mi></mrow></mfrac>',
    )
    expect(equals('a', -2).mathml).toBe('<mi>a</mi><mo>=</mo><mo form="prefix">−</mo><mn>2</mn>')
    expect(t.words(' <b> ').mathml).toBe('<mtext>&nbsp;&lt;b&gt;&nbsp;</mtext>')
    expect(number(1.2e-7).mathml).toBe(
      '<mn>1.2</mn><mo>·</mo><msup><mn>10</mn><mrow><mo form="prefix">−</mo><mn>7</mn></mrow></msup>',
    )
  })
})

describe('fromScalar', () => {
  const loss = s.pow(s.sub(arg('a'), arg('t')), c(2))
  const slope = s.mul(c(2), s.sub(arg('a'), arg('t')))
  const gate = s.select(s.le(arg('x'), c(0)), c(0), c(1))
  const rows: [t.Typeset, string][] = [
    [fromScalar(loss), '(a - t)²'],
    [fromScalar(slope, { a: 'y', t: 'target' }), '2·(y - target)'],
    [fromScalar(slope, { a: 0.5, t: -3 }), '2·(0.5 - (-3))'],
    [fromScalar(s.add(s.mul(arg('w'), arg('x')), arg('b')), { w: 3, x: 3, b: -1 }), '3·3 + (-1)'],
    [fromScalar(s.add(arg('b'), s.mul(arg('w'), arg('x'))), { w: -2, x: 3, b: 4 }), '4 + (-2·3)'],
    [fromScalar(s.mul(arg('w'), arg('w')), { w: symbol('W1[0,0]') }), 'W1[0,0]²'],
    [fromScalar(s.exp(s.neg(arg('x'))), { x: -0.33 }), 'exp(-(-0.33))'],
    [fromScalar(gate, { x: symbol('z1') }), '0 if z1 ≤ 0, else 1'],
    [equals(partial('y', 'x'), fromScalar(gate)), '∂y/∂x = 0 if x ≤ 0, else 1'],
    [equals('y', fromScalar(gate, { x: 0.33 }), 1), 'y = (0 if 0.33 ≤ 0, else 1) = 1'],
    [product([fromScalar(gate), 'g']), '(0 if x ≤ 0, else 1) · g'],
    [fromScalar(s.sqrt(s.add(arg('x'), c(1)))), '√(x + 1)'],
    [fromScalar(s.mul(c(2 / Math.sqrt(Math.PI)), s.abs(arg('x')))), '(2/√π)·|x|'],
    [fromScalar(arg('constructor')), 'constructor'],
  ]
  for (const [formula, expected] of rows) it(expected, () => expect(formula.text).toBe(expected))

  it('typesets the same formula', () => {
    expect(fromScalar(slope, { a: 0.5, t: -3 }).tex).toBe('2 (0.5 - (-3))')
    expect(equals('y', fromScalar(gate)).tex).toBe(
      'y = \\begin{cases} 0 & \\text{if } x \\le 0 \\\\ 1 & \\text{otherwise} \\end{cases}',
    )
    expect(fromScalar(slope, { a: 'a', t: 'target' }).mathml).toBe(
      '<mn>2</mn><mo>&#x2062;</mo><mrow><mo stretchy="false">(</mo><mrow><mi>a</mi><mo>−</mo><mi>target</mi></mrow><mo stretchy="false">)</mo></mrow>',
    )
  })
})
