/** The formula line as it is typed: values that come, go and come back, and what is said of mistakes. */
import { expect, it } from 'vitest'
import { readFormula, withValue } from './formula-run.ts'

const neuron = 'L = (sigmoid(w*x + b) - y)^2'

it('computes a formula at its values', () => {
  const { session, knobs, at } = readFormula({ formula: neuron, at: 'w=1, x=2, b=-1, y=1' })
  expect(knobs.map(({ name, value }) => `${name} ${value}`)).toEqual(['w 1', 'x 2', 'b -1', 'y 1'])
  expect(at).toBe('w=1, x=2, b=-1, y=1')
  expect(session!.trace.nodes.at(-1)).toMatchObject({ name: 'L', gradients: [{ data: [1] }] })
})

it('gives new names the value 1, and keeps what has a value of its own while its name is gone', () => {
  expect(readFormula({ formula: 'L = w*x', at: '' }).at).toBe('w=1, x=1')
  const { at: gone, used } = readFormula({ formula: 'L = w', at: 'w=1, x=2.5, z=1' })
  expect([gone, used]).toEqual(['w=1, x=2.5', 'w=1'])
  expect(readFormula({ formula: 'L = w*x', at: gone }).at).toBe('w=1, x=2.5')
})

it('has a slider for each number of small vectors and matrices', () => {
  const { knobs } = readFormula({ formula: 'L = sum(W @ x) + b', at: 'W=[[1, 2], [3, 4]], x=[5, 6], b=7' })
  expect(knobs.map(({ name, index, value }) => `${name}[${index}] ${value}`)).toEqual([
    'W[0,0] 1',
    'W[0,1] 2',
    'W[1,0] 3',
    'W[1,1] 4',
    'x[0] 5',
    'x[1] 6',
    'b[] 7',
  ])
})

it('moves one value and leaves the others as they are', () => {
  const at = 'w=1, x=[1, 2], b=0.1'
  expect(withValue(at, { name: 'b', index: [] }, -0.25)).toBe('w=1, x=[1, 2], b=-0.25')
  expect(withValue(at, { name: 'x', index: [1] }, 1e-7)).toBe('w=1, x=[1, 1e-7], b=0.1')
  expect(withValue('W=[[1, 2], [3, 4]]', { name: 'W', index: [1, 0] }, 0)).toBe('W=[[1, 2], [0, 4]]')
})

it('explains its numbers', async () => {
  const { session } = readFormula({ formula: 'L = (w*x + b)^2', at: 'w=2, x=3, b=1' })
  const nodes = session!.trace.nodes
  const of = (name: string) => ({ node: nodes.findIndex((node) => node.name === name), index: 0 })
  expect(await session!.explain(of('L'), of('w'))).toMatchObject({ gradient: 42, agrees: true })
})

it.each([
  ['L = (w*x', 'w=1', /line 1, column \d+:\n {2}L = \(w\*x\n\s+\^/],
  ['L = sigmod(w)', 'w=1', /did you mean sigmoid\?\nline 1, column 5:\n.*\n {6}\^{6}/],
  ['L = w', 'w=', /values/],
  ['L = W @ x', 'W=[[1, 2], [3, 4]], x=[1, 2, 3]', /inner sizes differ/],
  ['y = 2*x', 'x=[1, 2]', /y has the shape \[2\].*end the formula with sum\(y\)/],
  ['y = x > 1', 'x=2', /no derivative/],
  ['1 + 2', '', /no names/],
  ['', '', /nothing to compute/],
])('%s at %s says what is wrong', (formula, at, message) => {
  const { session, problem } = readFormula({ formula, at })
  expect(session).toBe(null)
  expect(problem).toMatch(message)
})

/** Formulas of many kinds, at points where they are smooth. */
const formulas: readonly (readonly [string, string])[] = [
  ['L = sin(x)*cos(y) + exp(-x*y)', 'x=0.7, y=-0.3'],
  ['L = x^y', 'x=1.5, y=2.5'],
  ['L = log(1 + x^2 + y^2)', 'x=0.5, y=-2'],
  ['L = √(x² + y² + 1)', 'x=3, y=4'],
  ['L = |x - 5|·2', 'x=2'],
  ['L = 1/(1 + exp(-(w*x + b)))', 'w=0.4, x=-1.2, b=0.3'],
  ['L = -(y*log(p) + (1 - y)*log(1 - p))', 'p=0.3, y=0.8'],
  ['a = tanh(x); b = a*a; L = b + a*x', 'x=0.9'],
  ['a = x; a = a + a; a = a*a; L = a^0.5', 'x=3'],
  ['L = 3x^2 + 2x − 1', 'x=-0.5'],
  ['L = 2π*r*h + 2π*r^2', 'r=1.3, h=0.2'],
  ['L = x/y/z', 'x=1, y=2, z=-3'],
  ['L = e^(-x^2/2)/√(2π)', 'x=0.4'],
  ['L = x @ y', 'x=[1, 2, -1], y=[0.5, 3, 4]'],
  ['L = x @ W @ x', 'x=[1, -2], W=[[2, 0.5], [-1, 3]]'],
  ['L = sum((W @ x + b)^2)', 'W=[[1, 2], [3, 4], [5, 6]], x=[0.1, -0.2], b=[1, 0, -1]'],
  ["L = sum(W' @ W)", 'W=[[1, 2], [3, 4]]'],
  ['L = mean(softmax(z)*[1, 2, 3])', 'z=[0.1, -1, 2]'],
  ['L = crossEntropy(z, 1)', 'z=[1, 2, 3]'],
  ['L = sum(relu(W @ x))', 'W=[[1, -2], [0.5, 4]], x=[1.5, 2]'],
  ['h = tanh(W @ x)\np = sigmoid(v @ h)\nL = -log(p)', 'W=[[0.1, 0.2], [-0.3, 0.4]], v=[1, -1], x=[1, 2]'],
  ['L = W[0, 1]*x[1] + x[-1]^3', 'W=[[1, 2], [3, 4]], x=[0.3, 0.7]'],
  ['L = sum([w, 2w, w^2])', 'w=3'],
  ['L = max(x*y, y)', 'x=2, y=1.5'],
  ['L = gelu(x) + softplus(y) + silu(x*y)', 'x=0.6, y=-1.1'],
  ['L = atan(x) + sinh(x) - cosh(y)', 'x=0.2, y=0.9'],
  ['L = (w₁*x + w₂*x²) - ŷ', 'w₁=1, w₂=-0.5, x=2, ŷ=0.1'],
  ['L = sum(x*y)', 'x=[[1, 2, 3]], y=[[1], [2]]'],
  ['L = min(x^2, 10) + 1e-3*x', 'x=1.7'],
  ['L = mseLoss(W @ x, y)', 'W=[[1, 2], [3, 4]], x=[1, -1], y=[0.5, 0.5]'],
  ['L = 1e-7*x^3 + 1e7*y', 'x=2, y=-1'],
  ['L = sum(logSoftmax(z)[0:2])', 'z=[0.5, 1.5, -0.5]'],
]

it.each(formulas)('%s at %s has the gradients of central differences', (formula, at) => {
  const { session, knobs, problem, at: written } = readFormula({ formula, at })
  expect(problem).toBe(null)
  const { nodes } = session!.trace
  const valueAt = (knob: (typeof knobs)[number], x: number): number => {
    const moved = readFormula({ formula, at: withValue(written, knob, x) })
    return Number(moved.session!.trace.nodes.at(-1)!.value.data![0])
  }
  const flat = (shape: readonly number[], index: readonly number[]) => index.reduce((f, i, d) => f * shape[d] + i, 0)
  expect(knobs.length).toBeGreaterThan(0)
  for (const knob of knobs) {
    const node = nodes.find(({ name, op }) => name === knob.name && op === null)!
    const shown = Number(node.gradients[0]?.data?.[flat(node.value.shape, knob.index)] ?? 0)
    const step = 1e-5 * Math.max(1, Math.abs(knob.value))
    const slope = (valueAt(knob, knob.value + step) - valueAt(knob, knob.value - step)) / (2 * step)
    expect(Math.abs(shown - slope)).toBeLessThan(
      1e-7 * (1 + Math.abs(slope)) + (1e-9 * Math.abs(valueAt(knob, knob.value))) / step,
    )
  }
})
