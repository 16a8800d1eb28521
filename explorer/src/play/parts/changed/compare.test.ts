import { tensor } from 'chainrule'
import { type ExplanationJson, explain, parseFormula } from 'chainrule/explain'
import { describe, expect, it } from 'vitest'
import { blocking, compare, isSame, leading, verbOf } from './compare.ts'

/** The explanation of the formula's result by the first name. */
function told(formula: string, at: Readonly<Record<string, number>>): ExplanationJson {
  const leaves = Object.fromEntries(
    Object.entries(at).map(([name, value]) => [name, tensor(value, { dtype: 'float64', name, requiresGrad: true })]),
  )
  const parsed = parseFormula(formula)
  return explain(parsed.evaluate(leaves)[parsed.output], Object.values(leaves)[0]).toJSON()
}

const product = (factors: readonly { readonly to: number; readonly from: number }[], side: 'from' | 'to') =>
  factors.reduce((all, factor) => all * factor[side], 1)

const NEURON = 'z = w*x + b\na = sigmoid(z)\nL = (a - t)^2'
const START = { w: 1.5, x: 2, b: -1, t: 3 }

describe('compare', () => {
  it('tells the factors of one way, whose products are the gradients', () => {
    const [before, after] = [told(NEURON, START), told(NEURON, { ...START, w: 3 })]
    const found = compare(before, after)!
    expect(found.gradient).toEqual({ from: before.gradient, to: after.gradient })
    expect(found.others).toBeNull()
    expect(product(found.factors, 'from')).toBeCloseTo(Number(before.gradient), 14)
    expect(product(found.factors, 'to')).toBeCloseTo(Number(after.gradient), 14)
    expect(leading(found.factors)).toMatchObject({ op: 'sigmoid', wrt: 'z' })
    expect(verbOf(leading(found.factors)!)).toBe('shrank from')
    expect(verbOf(found.factors.at(-1)!)).toBe('stayed')
  })

  it('tells a closed gate from a small slope', () => {
    const gate = NEURON.replace('sigmoid', 'relu')
    const found = compare(told(gate, START), told(gate, { ...START, b: -4 }))!
    expect(leading(found.factors)).toMatchObject({ op: 'relu', from: 1, to: 0 })
    expect(found.gradient.to).toBe(0)
  })

  it('finds what keeps a gradient at 0', () => {
    const gate = NEURON.replace('sigmoid', 'relu')
    const found = compare(told(gate, { ...START, b: -4 }), told(gate, { ...START, b: -4, t: 1 }))!
    expect(blocking(found.factors)).toMatchObject({ op: 'relu', from: 0, to: 0 })
    expect(blocking(compare(told(NEURON, START), told(NEURON, { ...START, t: 1 }))!.factors)).toBeNull()
  })

  it('tells the way that changed most, and the others as one number', () => {
    const formula = 'u = x^2\nv = sin(x)\nL = u*v + x'
    const [before, after] = [told(formula, { x: 1.3 }), told(formula, { x: 2 })]
    const found = compare(before, after)!
    expect(found.product.to + found.others!.to).toBeCloseTo(Number(after.gradient), 12)
    expect(found.product.from + found.others!.from).toBeCloseTo(Number(before.gradient), 12)
    expect(product(found.factors, 'to')).toBeCloseTo(found.product.to, 12)
  })

  it('knows programs that cannot be compared', () => {
    expect(compare(told('L = x^2', { x: 1 }), told('M = 3*x', { x: 1 }))).toBeNull()
  })
})

describe('words', () => {
  it.each([
    [2, 1, 'shrank from'],
    [-1, -2, 'grew in size, from'],
    [-1, 2, 'changed its sign, from'],
    [1, 1, 'stayed'],
    [0, -0, 'stayed'],
    [Number.NaN, Number.NaN, 'stayed'],
    [1, Number.NaN, 'went from'],
  ])('%s to %s %s', (from, to, verb) => expect(verbOf({ from, to })).toBe(verb))

  it('nothing leads where nothing moved', () => {
    expect(leading([])).toBeNull()
    expect(isSame({ from: 0, to: -0 })).toBe(true)
  })
})
