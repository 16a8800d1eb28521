/** Random expressions, written with as few parentheses as the precedence allows, mean what they were made from. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { abs, add, div, mul, neg, pow, sigmoid, sqrt, sub } from '../../ops/elementwise/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { runFormula } from './index.ts'

/** An expression: its text, how tightly that binds, and its value. */
interface Tree {
  readonly text: string
  readonly binds: number
  readonly value: Tensor
}

const SUM = 1
const PRODUCT = 2
const SIGN = 3
const POWER = 4
const ATOM = 5

const inputs = { x: 0.75, y: -1.5, z: 3 }
const values = Object.fromEntries(
  Object.entries(inputs).map(([name, v]) => [name, tensor(v, { dtype: 'float64', name })]),
)

const fence = (tree: Tree, needed: number): string => (tree.binds >= needed ? tree.text : `(${tree.text})`)

const binary =
  (signs: string[], binds: number, left: number, right: number, op: (a: Tensor, b: Tensor) => Tensor) =>
  (of: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> =>
    fc.tuple(of, of, fc.constantFrom(...signs)).map(([a, b, sign]) => ({
      text: `${fence(a, left)}${sign}${fence(b, right)}`,
      binds,
      value: op(a.value, b.value),
    }))

const number = fc.constantFrom('0', '1', '2', '0.5', '3e-1', '.25', '10').map((text): Tree => {
  return { text, binds: ATOM, value: tensor(Number(text), { dtype: 'float64' }) }
})
const name = fc.constantFrom('x', 'y', 'z').map((text): Tree => ({ text, binds: ATOM, value: values[text] }))

const unary = (of: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> =>
  fc.oneof(
    of.map((a) => ({ text: `-${fence(a, SIGN)}`, binds: SIGN, value: neg(a.value) })),
    of.map((a) => ({ text: `−${fence(a, SIGN)}`, binds: SIGN, value: neg(a.value) })),
    of.map((a) => ({ text: `|${a.text}|`, binds: ATOM, value: abs(a.value) })),
    of.map((a) => ({ text: `σ(${a.text})`, binds: ATOM, value: sigmoid(a.value) })),
    of.map((a) => ({ text: `√${fence(a, SIGN)}`, binds: SIGN, value: sqrt(a.value) })),
    of.map((a) => ({ text: `${fence(a, ATOM)}²`, binds: POWER, value: pow(a.value, 2) })),
    of.map((a) => ({ text: `( ${a.text}\n)`, binds: ATOM, value: a.value })),
  )

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'large', withCrossShrink: true },
    number,
    name,
    binary(['+', ' + '], SUM, SUM, PRODUCT, add)(tie('tree')),
    binary(['-', ' − '], SUM, SUM, PRODUCT, sub)(tie('tree')),
    binary(['*', ' · ', '×'], PRODUCT, PRODUCT, SIGN, mul)(tie('tree')),
    binary(['/', ' ÷ '], PRODUCT, PRODUCT, SIGN, div)(tie('tree')),
    binary(['^', ' ** '], POWER, ATOM, SIGN, pow)(tie('tree')),
    unary(tie('tree')),
  ),
}))

it('reads back what was written', () => {
  const used = (text: string) => Object.fromEntries(Object.entries(values).filter(([n]) => text.includes(n)))
  fc.assert(
    fc.property(tree, ({ text, value }) => {
      expect(runFormula(text, used(text)).output.item(), text).toBe(value.item())
    }),
    { numRuns: 1000 },
  )
})

it('reads any text, or says where it is wrong', () => {
  const pieces = [
    'x',
    '2',
    '+',
    '-',
    '*',
    '^',
    '(',
    ')',
    '[',
    ']',
    '|',
    ',',
    '=',
    '.',
    "'",
    '"',
    ':',
    '\n',
    ';',
    '#',
    'sum',
    '²',
    '√',
    'é',
    ' ',
  ]
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme' })), { maxLength: 20 }),
      (parts) => {
        try {
          runFormula(parts.join(''), {})
        } catch (error) {
          expect((error as Error).name).toMatch(/^(Formula|Argument|Shape|DType|Index)Error$/)
        }
      },
    ),
    { numRuns: 2000 },
  )
})
