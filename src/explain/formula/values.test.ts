import { expect, it } from 'vitest'
import { parseValues } from './index.ts'

// biome-ignore format: a table
const cases: [text: string, values: Record<string, unknown>][] = [
  ['', {}], ['w=2', { w: 2 }], ['w=2, x=[1,2], b=-1e-3', { w: 2, x: [1, 2], b: -0.001 }], ['w=2;x=3\nb=4,', { w: 2, x: 3, b: 4 }],
  ['w=−2', { w: -2 }], ['w=1/3', { w: 1 / 3 }], ['w=pi/2, v=2π, u=-e', { w: Math.PI / 2, v: 2 * Math.PI, u: -Math.E }],
  ['w=√2/2', { w: Math.SQRT1_2 }], ['W=[[1, 2], [3, -4]]', { W: [[1, 2], [3, -4]] }], ['W = [\n  [1, 2], # one\n  [3, 4]\n]', { W: [[1, 2], [3, 4]] }],
  ['x=[1/2, 2^3, 1e2]', { x: [0.5, 8, 100] }], ['x=[]', { x: [] }], ['e=2, θ₁=3, y_hat=4', { e: 2, 'θ₁': 3, y_hat: 4 }],
  ['W=eye(2), t=1 > 0, k=argmax([1, 3])', { W: [[1, 0], [0, 1]], t: 1, k: 1 }],
]

it.each(cases)('%j', (text, expected) => {
  const values = parseValues(text)
  expect(Object.fromEntries(Object.entries(values).map(([name, x]) => [name, x.toArray()]))).toEqual(expected)
  for (const [name, x] of Object.entries(values))
    expect([x.name, x.dtype, x.requiresGrad, x.isLeaf]).toEqual([name, 'float64', true, true])
})
