/** Whatever is put together, each spelling must mean the same number when it is read by the rules of precedence. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as s from '../../scalar/index.ts'
import { arg, c, evaluate, type Scalar } from '../../scalar/index.ts'
import {
  difference,
  fromScalar,
  negative,
  type Operand,
  power,
  product,
  quotient,
  sum,
  type Typeset,
} from './typeset.ts'

const superscripts = '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'

const readText = (text: string): string =>
  signed(
    text
      .replace(
        /[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+/g,
        (run) => `**(${[...run].map((c) => '-0123456789'[superscripts.indexOf(c)]).join('')})`,
      )
      .replace(/\^/g, '**')
      .replace(/[·×]/g, '*'),
  )

/** Braces are read from the inside out; a space between two operands is a product. */
function readTex(tex: string): string {
  let read = tex
    .replace(/\\left\(/g, '(')
    .replace(/\\right\)/g, ')')
    .replace(/ (\+|-|\\cdot|\\times) /g, '$1')
  for (let before = ''; before !== read; ) {
    before = read
    read = read.replace(/\\frac\{([^{}]*)\}\{([^{}]*)\}/g, '(($1)/($2))').replace(/\^\{([^{}]*)\}/g, '**($1)')
  }
  return signed(read.replace(/\\cdot|\\times| /g, '*'))
}

/** Rows are transparent: only brackets, fractions and exponents group. */
function readMathml(mathml: string): string {
  let read = mathml
    .replace(
      /<mo[^>]*>(.+?)<\/mo>/g,
      (_, mark) => ({ '−': '-', '·': '*', '×': '*', '&#x2062;': '*' })[mark as string] ?? mark,
    )
    .replace(/<\/?m[ni]>/g, '')
  for (let before = ''; before !== read; ) {
    before = read
    read = read
      .replace(/<mfrac><mrow>([^<]*)<\/mrow><mrow>([^<]*)<\/mrow><\/mfrac>/g, '(($1)/($2))')
      .replace(/<msup><mrow>([^<]*)<\/mrow><mrow>([^<]*)<\/mrow><\/msup>/g, '$1**($2)')
      .replace(/(?<!<mfrac>|<msup>|<\/mrow>)<mrow>([^<]*)<\/mrow>(?!<mrow>)/g, '$1')
  }
  return signed(read)
}

/** In mathematics, unlike in JavaScript, a minus sign before a power is that of the whole. */
const signed = (expression: string): string => expression.replace(/(^|\()-/g, '$10-')

function expectMeaning({ text, tex, mathml }: Typeset, value: number): void {
  for (const expression of [readText(text), readTex(tex), readMathml(mathml)]) {
    const read: number = new Function(`return ${expression}`)()
    if (Number.isFinite(value)) expect(Math.abs(read - value) / (1 + Math.abs(value)), expression).toBeLessThan(1e-9)
  }
}

/** Numbers that are shown with all their digits. */
const numbers = fc.constantFrom(0.5, 1, 2, 3, 0.25, 10, -1, -2, -0.5, -3)

describe('every spelling keeps the meaning', () => {
  it('of formulas with numbers in the place of names', () => {
    const { tree } = fc.letrec<{ tree: Scalar }>((again) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.constantFrom(...['a', 'b', 'x', 'y'].map(arg), c(2), c(-3), c(1)),
        fc.tuple(fc.constantFrom(s.add, s.sub, s.mul, s.div), again('tree'), again('tree')).map(([f, a, b]) => f(a, b)),
        again('tree').map(s.neg),
        fc.tuple(again('tree'), fc.constantFrom(2, 3, -1)).map(([a, n]) => s.pow(a, c(n))),
      ),
    }))
    const bindings = fc.record({ a: numbers, b: numbers, x: numbers, y: numbers })
    fc.assert(
      fc.property(tree, bindings, (formula, at) => {
        expectMeaning(fromScalar(formula, at), evaluate(formula, at))
      }),
      { numRuns: 500 },
    )
  })

  it('of formulas that are put together', () => {
    type Valued = readonly [Operand, number]
    const { tree } = fc.letrec<{ tree: Valued }>((again) => {
      const pair = fc.tuple(again('tree'), again('tree'))
      const list = fc.array(again('tree'), { minLength: 1, maxLength: 4 })
      return {
        tree: fc.oneof(
          { maxDepth: 4, withCrossShrink: true },
          numbers.map((x): Valued => [x, x]),
          pair.map(([[a, x], [b, y]]): Valued => [difference(a, b), x - y]),
          pair.map(([[a, x], [b, y]]): Valued => [quotient(a, b), x / y]),
          again('tree').map(([a, x]): Valued => [negative(a), -x]),
          again('tree').map(([a, x]): Valued => [power(a, 2), x * x]),
          list.map((all): Valued => [sum(all.map(([a]) => a)), all.reduce((total, [, x]) => total + x, 0)]),
          list.map((all): Valued => [product(all.map(([a]) => a)), all.reduce((total, [, x]) => total * x, 1)]),
        ),
      }
    })
    fc.assert(
      fc.property(tree, ([formula, value]) => {
        expectMeaning(sum([formula]), value)
      }),
      { numRuns: 500 },
    )
  })
})
