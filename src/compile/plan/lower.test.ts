/** What is fused into what, on programs as people write them. */
import { expect, it } from 'vitest'
import { agree } from '../../../test/compile/agree.ts'
import { Sketch } from '../../../test/compile/sketch.ts'
import { layerNorm } from '../../functional/index.ts'
import * as nn from '../../nn/index.ts'
import { add, mul, tanh, toFloat32 } from '../../ops/elementwise/index.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { sum } from '../../ops/reduce/index.ts'
import * as optim from '../../optim/index.ts'
import { randn, type Tensor, tensor } from '../../tensor/index.ts'
import type { Graph } from '../graph/graph.ts'
import { optimise } from '../passes/index.ts'
import { traceCall } from '../trace/trace.ts'
import { describe } from './describe.ts'
import { lower } from './lower.ts'
import { printProgram } from './print.ts'

/** The optimised graph of a call. */
const graphOf = <A extends unknown[]>(fn: (...args: A) => unknown, ...args: A): Graph =>
  optimise(traceCall(fn as never, args, true)!.compiled!.graph!)

const text = (graph: Graph) => printProgram(lower(graph))
const float64 = { dtype: 'float64' } as const

it('softmax, layer norm and log softmax are one kernel each', () => {
  const x = randn([64, 10], float64)
  const [w, b] = [randn([10], float64), randn([10], float64)]
  const softmax = graphOf((y: Tensor) => y.softmax(), x)
  const logSoftmax = graphOf((y: Tensor) => y.logSoftmax(), x)
  const norm = graphOf((y: Tensor) => layerNorm(y, 10, w, b), x)
  expect([softmax, logSoftmax, norm].map(text)).toMatchInlineSnapshot(`
    [
      "loop peak+sub+exp+sum+div [64 | 10] 1 -> 1",
      "loop peak+sub×2+exp+sum+log [64 | 10] 1 -> 1",
      "loop sum×2+div×2+sub+square+add×2+rsqrt+mul×2 [64 | 10] 3 -> 1",
    ]
  `)
  for (const graph of [softmax, logSoftmax, norm]) agree(graph)
})

it('cross entropy with its gradient: the rows, the mean, the rows again', () => {
  const target = tensor(
    Array.from({ length: 64 }, (_, i) => i % 2),
    { dtype: 'int32' },
  )
  const x = randn([64, 10], { ...float64, requiresGrad: true })
  const graph = graphOf((t: Tensor) => {
    x.grad = null
    const loss = nn.crossEntropy(x, t)
    loss.backward()
    return loss
  }, target)
  expect(text(graph)).toMatchInlineSnapshot(`
    "loop ne+where×2+peak+sub×2+exp+sum+log+gather+1 more [64 | 10] 3 -> 6
    host check 1 -> 0
    loop sum×2+sub+eq+where+div+div.da+sub.db+where.da [ | 64] 3 -> 3 in place 1
    loop where [] 1 -> 1
    loop add [] 2 -> 1
    loop scatterAdd+sub.db+sum+log.dx+exp.dx+add [64 | 10] 5 -> 1"
  `)
  agree(graph)
})

it('Adam is one kernel with three results', () => {
  const w = randn([7, 5], { ...float64, requiresGrad: true })
  const opt = new optim.Adam([w], { lr: 0.1 })
  const graph = graphOf(
    (x: Tensor) => {
      opt.zeroGrad()
      w.mul(x).sum().backward()
      opt.step()
    },
    randn([7, 5], float64),
  )
  expect(text(graph)).toMatchInlineSnapshot(`
    "host Adam.step 0 -> 9
    loop mul.da+Adam.expAvgSq+Adam.expAvg+Adam.x [7 5] 11 -> 4 in place 3"
  `)
})

it('a network of scalars is one kernel', () => {
  const [w, b] = [0.5, 0.1].map((v) => tensor(v, { ...float64, requiresGrad: true }))
  const opt = new optim.SGD([w, b], { lr: 0.1 })
  const step = (x: Tensor, y: Tensor) => {
    opt.zeroGrad()
    const loss = x.mul(w).add(b).tanh().sub(y).square()
    loss.backward()
    opt.step()
    return loss
  }
  const graph = graphOf(step, tensor(1, float64), tensor(2, float64))
  expect(text(graph)).toMatchInlineSnapshot(`
    "host SGD.step 0 -> 2
    loop mul+add+tanh+sub+square+square.dx+tanh.dx+SGD.x×2+1 more [] 5 -> 5 in place 2"
  `)
})

it('a layer: its bias and activation behind the product, its gradients with the updates', () => {
  const layer = new nn.Linear(12, 4).to('float64')
  const opt = new optim.SGD(layer.parameters(), { lr: 0.1 })
  const step = (x: Tensor) => {
    opt.zeroGrad()
    layer.forward(x).relu().square().sum().backward()
    opt.step()
  }
  const graph = graphOf(step, randn([8, 12], float64))
  expect(text(graph)).toMatchInlineSnapshot(`
    "host SGD.step 0 -> 2
    linear 8x12x4
    loop add+relu+square.dx+relu.dx+sum+SGD.x [4 | 8] 3 -> 3 in place 2
    contraction 4x8x12
    loop SGD.x [4 12] 3 -> 1 in place 1"
  `)
})

it('the input gradient of a convolution is one product', () => {
  const conv = new nn.Conv2d(2, 3, 3, { padding: 1 }).to('float64')
  const step = (x: Tensor) => {
    x.requiresGrad = true
    conv.forward(x).square().sum().backward()
    return x.grad
  }
  const graph = graphOf(step, randn([2, 2, 5, 4], float64))
  expect(text(graph)).toMatchInlineSnapshot(`
    "loop clone [2 2 7 6] 1 -> 1
    loop write [2 2 5 4] 1 -> 1
    conv2d 40x18x3
    loop windows.transpose [2 3 7 6] 0 -> 1
    loop add+square.dx+sum+windows.transpose [3 | 2 5 4] 2 -> 3 in place 1
    contraction 3x40x18
    loop copy [3 2 3 3] 1 -> 1
    contraction 40x27x2
    loop clone [2 2 5 4] 1 -> 1"
  `)
  agree(graph, 1e-11)
})

it('states that trade places, and one that is handed out before it changes', () => {
  const s = new Sketch()
  const [p, q, r] = [s.state([6], 'float64'), s.state([6], 'float64'), s.state([6], 'float64')]
  s.becomes(p, q)
  s.becomes(q, p)
  s.becomes(r, s.apply(add as Op, [r, p]))
  agree(s.graph(r, p))
})

it('two states that become the same, written onto one of them', () => {
  const s = new Sketch()
  const [p, q] = [s.state([2, 3], 'float64'), s.state([2, 3], 'float64')]
  const row = { ...q, shape: [1, 3] }
  const written = { ...q, value: s.write(row, s.apply(tanh as Op, [row])).value }
  s.becomes(p, written)
  s.becomes(q, written)
  agree(s.graph(s.apply(tanh as Op, [p])))
})

it('rounding to float32 in between happens', () => {
  const s = new Sketch()
  const x = s.input([6], 'float64')
  const single = s.apply(toFloat32 as Op, [s.apply(tanh as Op, [x])])
  agree(s.graph(s.apply(sum as Op, [s.apply(mul as Op, [single, single])], { axes: [0], keepdim: false })), 1e-7)
})

it('what a checkpoint computes again stays apart', () => {
  const s = new Sketch()
  const x = s.apply(tanh as Op, [s.input([6])])
  const [first, again] = [0, 1].map((scope) => s.apply(tanh as Op, [x], {}, scope))
  expect(text(s.graph(first, again)).split('\n').length).toBe(2)
})

it('describes what it does', () => {
  const graph = graphOf((x: Tensor, w: Tensor) => x.matmul(w).tanh(), randn([8, 12]), randn([12, 4]))
  const plan = describe(lower(graph))
  expect(plan.toText()).toMatchInlineSnapshot(`
    "product  matmul 8x12x4  768 FLOP  704 B
    loop     tanh            32 FLOP  256 B
    total    2 kernels      800 FLOP  960 B
    memory: 192 B shared, 704 B kept"
  `)
})

it('products go to the places that they are written to, and nothing fills these before', () => {
  const [x, w] = [randn([6, 4], { ...float64, requiresGrad: true }), randn([4, 3], float64)]
  const graph = graphOf(
    (y: Tensor) => {
      x.grad = null
      const [p, q] = x.split(3)
      const [r, s] = [p.transpose(0, 1).mul(2), q]
      y.matmul(r).matmul(s).matmul(w).sum().backward()
      return x.grad
    },
    randn([5, 4], float64),
  )
  expect(text(graph)).toMatchInlineSnapshot(`
    "loop mul [4 3] 1 -> 1
    matmul 5x4x3
    contraction 5x3x4
    contraction 4x5x3
    contraction 5x4x3
    contraction 3x5x4
    loop mul.da [4 3] 1 -> 1 in place 1
    loop write [3 4] 1 -> 1"
  `)
  agree(graph)
})

it('long columns are folded a few rows at a time', () => {
  const s = new Sketch()
  const x = s.input([2, 512, 128], 'float64')
  const graph = s.graph(s.apply(sum as Op, [s.apply(tanh as Op, [x])], { axes: [0, 1], keepdim: false }))
  expect(text(graph)).toMatchInlineSnapshot(`
    "loop tanh+sum [2 64 128 | 8] 1 -> 1
    loop sum [128 | 2 64] 1 -> 1"
  `)
  agree(graph)
})
