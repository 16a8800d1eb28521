/** The language: what formulas are worth, and what a formula says of itself. */
import jsep from 'jsep'
import { describe, expect, it } from 'vitest'
import { backward } from '../../autodiff/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { provideObserver, type SourceObserver } from '../record/protocol.ts'
import { parseFormula, parseValues, runFormula } from './index.ts'

const value = (formula: string, at = ''): unknown => runFormula(formula, at).output.toArray()

// biome-ignore format: a table
const precedence: [formula: string, value: unknown][] = [
  ['1 + 2*3', 7], ['(1 + 2)*3', 9], ['10 - 4 - 3', 3], ['10 - (4 - 3)', 9], ['12/2/3', 2], ['12/2*3', 18], ['7/2', 3.5],
  ['1/3*3', 1], ['2*3 + 4*5', 26], ['2 - 3*4 + 5', -5],
  ['-2^2', -4], ['(-2)^2', 4], ['-2^-2', -0.25], ['2^-1', 0.5], ['2^3^2', 512], ['(2^3)^2', 64], ['2*3^2', 18],
  ['-2*3', -6], ['2*-3', -6], ['2 - -3', 5], ['--3', 3], ['+3', 3], ['2^-2^2', 0.0625], ['-(-2)^3', 8], ['2**3**2', 512],
  ['3²', 9], ['-3²', -9], ['2⁻²', 0.25], ['2³²', 2 ** 32], ['2^3²', 512], ['2·3', 6], ['2 × 3 ÷ 4', 1.5], ['5 − 3', 2], ['−2', -2],
  ['√16', 4], ['√4^3', 8], ['√4*9', 18], ['-√4', -2], ['2^√4', 4], ['√√16', 2], ['√(9 + 16)', 5],
  ['|-3|', 3], ['|2 - 5|*2', 6], ['||-3| - 5|', 2], ['-|-3|', -3], ['|-3|^2', 9], ['| -1 | + | -2 |', 3],
  ['1 + 1 < 3', 1], ['3 <= 2 + 1', 1], ['1 == 2', 0], ['1 != 2', 1], ['2 ≥ 3', 0], ['2 ≤ 3', 1], ['2 ≠ 2', 0], ['(1 < 2) == 1', 1],
  ['2(3 + 4)', 14], ['2π', 2 * Math.PI], ['-2(1 + 1)^2', -8], ['6/(2(1 + 2))', 1], ['2sqrt(9)', 6], ['2√9', 6], ['1/(2π)', 1 / (2 * Math.PI)],
  ['1e3', 1000], ['1E−2', 0.01], ['.5', 0.5], ['2.', 2], ['2e', 2 * Math.E], ['e', Math.E], ['pi', Math.PI],
  ['[1, 2] @ [3, 4] * 2', 22], ["[[1, 2], [3, 4]]' @ [1, 0]", [1, 2]], ["-[1, 2]'", [-1, -2]], ['[[1, 2], [3, 4]][0, 1]^2', 4],
  ['[1, 2].sum()^2', 9],
]

describe('precedence', () => {
  it.each(precedence)('%s', (formula, expected) => {
    expect(value(formula)).toEqual(expected)
  })
})

describe('statements', () => {
  it('ends them at lines and semicolons, skips comments, and breaks lines inside of brackets', () => {
    const formula = parseFormula(
      '# a line\n\n z = w*x;; // pre-activation\r\n a = relu(\n  z # the argument\n )\n\nL = a^2 ;',
    )
    expect(formula.lines).toEqual([
      { name: 'z', text: 'z = w*x', line: 3, column: 2 },
      { name: 'a', text: 'a = relu(\n  z # the argument\n )', line: 4, column: 2 },
      { name: 'L', text: 'L = a^2', line: 8, column: 1 },
    ])
    expect([formula.inputs, formula.assigned, formula.output]).toEqual([['w', 'x'], ['z', 'a', 'L'], 'L'])
  })

  it.each([
    ['w*x', 'L'],
    ['L*x', 'y'],
    ['L*y', 'value'],
    ['L*y*value*value2', 'value3'],
    ['L = x; L + 1', 'y'],
    ['L = x; L', 'L'],
    ['a = x; b = a; a', 'a'],
    ['a = x; b = a; a = b', 'a'],
  ])('%s has the output %s', (source, output) => {
    expect(parseFormula(source).output).toBe(output)
  })

  it('assigns a name again', () => {
    expect(value('a = x; a = a + a; a = a + a', 'x=3')).toBe(12)
    const { formula, inputs, output } = runFormula('x = x + 1; x*2', 'x=3')
    expect([formula.inputs, formula.assigned, output.item(), inputs.x.item()]).toEqual([['x'], ['x', 'L'], 8, 3])
  })

  it('lets a value take the place of a constant', () => {
    expect(parseFormula('e^x').inputs).toEqual(['x'])
    expect(value('e^x', 'x=2')).toBe(Math.E ** 2)
    expect(value('e^x', 'x=2, e=3')).toBe(9)
    expect(value('e = 3; e^x', 'x=2')).toBe(9)
    expect(value('π = 3; 2π')).toBe(6)
  })

  it('keeps the names of functions free for values', () => {
    expect(value('mean = sum(x)/2; (x - mean)^2', 'x=[1, 3]')).toEqual([1, 1])
    expect(value('σ(σ)', 'σ=0')).toBe(0.5)
  })

  it('takes one spelling of a letter for the other', () => {
    expect(value('L = y\u0302 - ŷ + W₁', 'ŷ=2, W₁=3')).toBe(3)
  })
})

describe('values of a formula', () => {
  it('names every value and lets gradients flow to the inputs', () => {
    const { inputs, values, output } = runFormula('z = w*x + b\nL = (sigmoid(z) - y)^2', 'w=1, x=2, b=-1, y=1')
    expect(Object.entries(values).map(([name, x]) => [name, x.name, x.dtype])).toEqual([
      ['z', 'z', 'float64'],
      ['L', 'L', 'float64'],
    ])
    backward(output)
    const s = 1 / (1 + Math.exp(-1))
    expect(inputs.w.grad!.item()).toBeCloseTo(2 * (s - 1) * s * (1 - s) * 2, 14)
    expect(Object.values(inputs).map((x) => x.name)).toEqual(['w', 'x', 'b', 'y'])
  })

  it('does not rename an input', () => {
    const { inputs, values } = runFormula('a = x; b = a; c = to(b, "float64")', 'x=2')
    expect([inputs.x, values.a, values.b, values.c].map((x) => x.name)).toEqual(['x', 'a', 'b', 'c'])
  })

  it('computes in float64, whatever comes out of comparisons and indices', () => {
    const { values } = runFormula('p = (x > 0)/3; m = mean(x > 0); i = argmax(x)/3; f = [1, 2]/3', 'x=[1, -1, 2]')
    for (const x of Object.values(values)) expect(x.dtype).toBe('float64')
    expect(values.p.toArray()).toEqual([1 / 3, 0, 1 / 3])
    expect([values.m.item(), values.i.item()]).toEqual([2 / 3, 2 / 3])
  })

  it('leaves float32 inputs in float32', () => {
    const { output } = runFormula('2*x + 1', { x: tensor([1, 2]) })
    expect([output.dtype, output.toArray()]).toEqual(['float32', [3, 5]])
  })

  it('puts constants on the tape as numbers', () => {
    const { output } = runFormula('(1 + 1)*x^(4/2)', 'x=3')
    expect(output.gradFn!.inputs![0]).toBe(2)
    expect((output.gradFn!.inputs![1] as Tensor).gradFn!.inputs![1]).toBe(2)
  })

  it('uses names that objects have, and nothing of objects', () => {
    const { values } = runFormula('__proto__ = constructor + 1; toString = __proto__*2', 'constructor=3')
    expect(Object.keys(values)).toEqual(['__proto__', 'toString'])
    expect(values.toString).toMatchObject({ name: 'toString' })
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype)
    expect(Object.keys(parseValues('__proto__=1'))).toEqual(['__proto__'])
  })

  it('tells a recording which line computed what', () => {
    const seen: unknown[] = []
    const name = <T>(x: T, ...place: [string, number, number]): T => {
      seen.push(place)
      return x
    }
    const observer: SourceObserver = { file: () => ({ name, loop() {}, iteration() {}, endLoop() {} }) }
    const stop = provideObserver(observer)
    runFormula('a = x;  b = a^2\n c = b + 1', 'x=1')
    stop()
    expect(seen).toEqual([
      ['a', 1, 1],
      ['b', 1, 9],
      ['c', 2, 2],
    ])
  })
})

it('leaves the parser as it found it', () => {
  const before = JSON.stringify(jsep('a || b ? -c ^ d : this'))
  parseFormula('a ^ b')
  expect(() => parseFormula('a ^')).toThrow()
  expect(JSON.stringify(jsep('a || b ? -c ^ d : this'))).toBe(before)
})
