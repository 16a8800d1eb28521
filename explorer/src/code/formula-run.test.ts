/** The formula line as it is typed: values that come, go and come back, and what is said of mistakes. */
import { expect, it } from 'vitest'
import { readFormula, withValue } from './formula-run.ts'

const neuron = 'L = (sigmoid(w*x + b) - y)^2'

it('computes a formula at its values', () => {
  const { session, scalars, at } = readFormula({ formula: neuron, at: 'w=1, x=2, b=-1, y=1' })
  expect(scalars.map(({ name, value }) => `${name} ${value}`)).toEqual(['w 1', 'x 2', 'b -1', 'y 1'])
  expect(at).toBe('w=1, x=2, b=-1, y=1')
  expect(session!.trace.nodes.at(-1)).toMatchObject({ name: 'L', gradients: [{ data: [1] }] })
})

it('gives new names the value 1, and keeps what has a value of its own while its name is gone', () => {
  expect(readFormula({ formula: 'L = w*x', at: '' }).at).toBe('w=1, x=1')
  const gone = readFormula({ formula: 'L = w', at: 'w=1, x=2.5, z=1' }).at
  expect(gone).toBe('w=1, x=2.5')
  expect(readFormula({ formula: 'L = w*x', at: gone }).at).toBe('w=1, x=2.5')
})

it('moves one value and leaves the others as they are', () => {
  expect(withValue('w=1, x=[1, 2], b=0.1', 'b', -0.25)).toBe('w=1, x=[1, 2], b=-0.25')
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
