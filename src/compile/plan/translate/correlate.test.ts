/** Input gradients of convolutions: one product where windows move by one, of what is read alone; the others as they are. */
import { expect, it } from 'vitest'
import { agree } from '../../../../test/compile/agree.ts'
import { conv1d, conv2d, pad } from '../../../functional/index.ts'
import '../../../functional/fluent.ts'
import { randn, type Tensor } from '../../../tensor/index.ts'
import type { Graph } from '../../graph/graph.ts'
import { optimise } from '../../passes/index.ts'
import { traceCall } from '../../trace/trace.ts'
import { lower } from '../lower.ts'
import { printProgram } from '../print.ts'

const float64 = { dtype: 'float64' } as const

/** Of a function whose argument gets a gradient, which it hands out. */
function gradientOf(fn: (x: Tensor) => Tensor, shape: readonly number[]): Graph {
  const step = (x: Tensor) => {
    x.requiresGrad = true
    fn(x).square().sum().backward()
    return x.grad
  }
  return optimise(traceCall(step as never, [randn(shape, float64)], true)!.compiled!.graph!)
}

/** Sizes of the products that are there for a gradient. */
const products = (graph: Graph) =>
  [...printProgram(lower(graph)).matchAll(/contraction (\S+)/g)].map(([, size]) => size)

it.each([
  [0, '60x27x2'],
  [1, '60x27x2'],
  [2, '60x27x2'],
  [4, '60x27x2'],
])('computes what is inside a border of %i alone', (padding, size) => {
  const weight = randn([3, 2, 3, 3], float64)
  const graph = gradientOf((x) => conv2d(x, weight, null, { padding }), [2, 2, 6, 5])
  expect(products(graph)).toEqual([size])
  agree(graph, 1e-11)
})

it('leaves out whole channels that nobody asks for', () => {
  const weight = randn([3, 5, 3, 3], float64)
  const graph = gradientOf((x) => conv2d(pad(x, [1, 2, 0, 1, 2, 1]), weight), [2, 2, 6, 5])
  expect(products(graph)).toEqual(['60x27x2'])
  agree(graph, 1e-11)
})

it.each([
  ['dilation', { dilation: 2, padding: 2 }],
  ['groups', { groups: 2, padding: 1 }],
  ['stride', { stride: 2, padding: 1 }],
  ['stride beside dilation', { stride: 2, dilation: 2, padding: [2, 1] }],
] as const)('agrees with %s', (_, options) => {
  const weight = randn([4, 'groups' in options ? 2 : 4, 3, 3], float64)
  agree(
    gradientOf((x) => conv2d(x, weight, null, options), [2, 4, 7, 8]),
    1e-11,
  )
})

it('agrees in one dimension, and through two layers', () => {
  const [v, w] = [randn([3, 2, 4], float64), randn([2, 3, 3], float64)]
  agree(
    gradientOf((x) => conv1d(conv1d(x, v, null, { padding: 2 }), w, null, { padding: 1 }), [2, 2, 9]),
    1e-11,
  )
})
