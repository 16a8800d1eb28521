/** Article 004 on cost and depth: forward and reverse mode, products of many factors, initialisation, residuals. */
import { expect } from 'vitest'
import { numpyRandom } from '../../examples/seeds/numpy-random.ts'
import { bracketingCost, factorProduct, modePasses } from '../../src/explain/index.ts'
import {
  eye,
  grad,
  gradients,
  jvp,
  linspace,
  manualSeed,
  ones,
  stack,
  type Tensor,
  tensor,
  vjp,
  zeros,
} from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { float64, gradientsOf, seedCase } from './cases.ts'

const network =
  (W1: Tensor, W2: Tensor, W3: Tensor) =>
  (x: Tensor): Tensor =>
    W3.matmul(W2.matmul(W1.matmul(x).relu()).relu())

/** Milliseconds of one call, the median of five. */
function duration(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return times.sort((a, b) => a - b)[2]
}

seedCase('s004-forward-vs-reverse', (subject) => {
  const [inputs, hidden, outputs] = ['input_dim', 'hidden_dim', 'output_dim'].map((name) => subject.number(name))
  const randn = numpyRandom(subject.number('seed'))
  const shapes = [
    [hidden, inputs],
    [hidden, hidden],
    [outputs, hidden],
  ]
  const [W1, W2, W3] = shapes.map((shape) => randn(shape).mul(subject.number('scale')))
  const x = randn([inputs])
  const f = network(W1, W2, W3)
  const [out, pullback] = vjp(f, x)
  const one = ones([outputs], float64)
  const [dx] = pullback(one)
  const z1 = W1.matmul(x)
  const z2 = W2.matmul(z1.relu())
  const alive = (z: Tensor) => z.gt(0).sum().item()
  const first = (x: Tensor, count: number) => x.flatten().data.slice(0, count)
  const passes = modePasses(inputs, outputs)
  const parameters = W1.size + W2.size + W3.size
  subject.check(
    {
      other: {
        totalParameters: parameters,
        multiplyAddsPerForward: shapes.reduce((sum, [rows, columns]) => sum + rows * columns, 0),
        forwardPassesForFullGradient: { jvp: passes.forward, centralDifference: passes.differences },
        reversePasses: passes.reverse,
        numpyLegacyReference: {
          W1_first3: [...first(W1, 3)],
          x_first3: [...first(x, 3)],
          out: out.item(),
          aliveHidden1: alive(z1),
          aliveHidden2: alive(z2),
          dx_first5: [...first(dx, 5)],
          dx_norm: dx.norm(),
          dx_sum: dx.sum(),
        },
      },
    },
    ['other.invariants', 'other.numpyLegacyReference.how'],
  )

  // of the 1000 inputs every fiftieth
  const eps = subject.number('eps')
  const direction = (i: number) => zeros([inputs], float64).set(i, 1)
  for (let i = 0; i < inputs; i += 50) {
    const [, tangent] = jvp(f, [x], [direction(i)])
    const [plus, minus] = [1, -1].map((sign) => f(x.add(direction(i).mul(sign * eps))))
    const quotient = plus.sub(minus).div(2 * eps)
    expect(Math.abs(tangent.item() - dx.at(i).item())).toBeLessThan(1e-12)
    expect(Math.abs(quotient.item() - dx.at(i).item())).toBeLessThan(1e-8)
  }
  const forward = duration(() => jvp(f, [x], [direction(0)])) * inputs
  expect(forward / duration(() => vjp(f, x)[1](one))).toBeGreaterThan(50)
})

seedCase('s004-forward-vs-reverse-small', (subject) => {
  const { x, W1, W2, W3 } = subject.leaves()
  const f = network(W1, W2, W3)
  const z1 = W1.matmul(x)
  const a1 = z1.relu()
  const z2 = W2.matmul(a1)
  const a2 = z2.relu()
  const found = gradientsOf(f(x), { x, W1, W2, W3 })
  const jvpUnitTangents = [...eye(3, float64)].map((v) => jvp(f, [x], [v])[1].item())
  for (const [i, v] of [...eye(3, float64)].entries()) {
    const quotient = f(x.add(v.mul(1e-6)))
      .sub(f(x.sub(v.mul(1e-6))))
      .div(2e-6)
    expect(quotient.item()).toBeCloseTo(jvpUnitTangents[i], 9)
  }
  subject.check({
    forward: { z1, a1, z2, a2, out: f(x).item() },
    gradients: found,
    other: { jvpUnitTangents },
  })
})

seedCase('s004-bracketing-cost', (subject) => {
  const { forward, reverse } = bracketingCost(subject.data.inputs.dims as number[])
  subject.check({
    other: {
      rightToLeft_fullJacobian: forward.multiplyAdds,
      leftToRight: reverse.multiplyAdds,
      ratio: forward.multiplyAdds / reverse.multiplyAdds,
    },
  })
})

seedCase('s004-mode-table', (subject) => {
  const { example, rows } = subject.data.expected.other as { example: { parameters: number }; rows: string[][] }
  const { inputs, forward, reverse } = modePasses(example.parameters, 1)
  subject.check({ other: { example: { parameters: inputs, forwardPasses: forward, reversePasses: reverse } } }, [
    'other.rows',
  ])
  // what the table says in words, for a function with n inputs and m outputs
  const [n, m] = [3, 2]
  expect(modePasses(n, m)).toMatchObject({ forward: n, reverse: m })
  expect([modePasses(1, 9).winner, modePasses(9, 1).winner]).toEqual(['forward', 'reverse'])
  const f = (x: Tensor) => stack([x.prod(), x.square().sum()])
  const x = tensor([2, -1, 3], float64)
  const [, byOneInput] = jvp(f, [x], [tensor([1, 0, 0], float64)])
  const [byAllInputs] = vjp(f, x)[1](tensor([1, 0], float64))
  expect([byOneInput.shape, byAllInputs.shape]).toEqual([[m], [n]])
  expect(rows.at(-1)).toEqual(['Also known as', 'Tangent mode, JVP', 'Adjoint mode, VJP'])
})

const activations: Record<string, (z: Tensor) => Tensor> = {
  sigmoid: (z) => z.sigmoid(),
  tanh: (z) => z.tanh(),
  relu: (z) => z.relu(),
}
const ofActivations = <T>(f: (activation: (z: Tensor) => Tensor, name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(activations).map(([name, activation]) => [name, f(activation, name)]))

const slopes = (activation: (z: Tensor) => Tensor, z: Tensor): Tensor => grad((z: Tensor) => activation(z).sum())(z)

/** The mean and the largest of an activation's slopes under the normal distribution, by the midpoint rule. */
function slopeUnderNormal(activation: (z: Tensor) => Tensor): { mean: number; max: number } {
  const step = 0.005
  const z = linspace(-12 + step / 2, 12 - step / 2, 24 / step, float64)
  const density = z.square().mul(-0.5).exp()
  const mean = slopes(activation, z).mul(density).sum().div(density.sum())
  return {
    mean: mean.item(),
    max: slopes(activation, tensor([-1, 0, 1], float64))
      .max()
      .item(),
  }
}

seedCase('s004-gradient-flow-50', (subject) => {
  const [layers, trials] = [subject.number('n_layers'), subject.number('trials')]
  const printed = subject.data.inputs.layersPrinted as number[]
  const randn = numpyRandom(subject.number('seed'))
  const products = ofActivations((activation) => slopes(activation, randn([trials, layers])).cumprod(1))
  const mean = ofActivations((_, name) => Array.from(products[name].mean(0).data))
  const atPrinted = (numbers: ArrayLike<number>) => printed.map((n) => numbers[n - 1])
  const under = ofActivations(slopeUnderNormal)
  const powers = (factor: number) => printed.map((n) => factor ** n)
  subject.check(
    {
      other: {
        meanFactor: ofActivations((_, name) => under[name].mean),
        expectedMean: ofActivations((_, name) => powers(under[name].mean)),
        maxFactor: ofActivations((_, name) => under[name].max),
        numpyLegacyReference: ofActivations((_, name) => atPrinted(mean[name])),
        theory: { sigmoidUpperBound: powers(under.sigmoid.max) },
      },
    },
    ['other.invariants'],
  )
  for (const name of Object.keys(activations)) {
    const magnitudes = products[name].abs()
    const [later, earlier] = [magnitudes.at('...', { start: 1 }), magnitudes.at('...', { end: -1 })]
    expect(later.le(earlier).all().item(), `${name}: never rises`).toBe(1)
  }
  for (const n of printed) {
    expect(mean.sigmoid[n - 1]).toBeLessThanOrEqual(0.25 ** n)
    expect(mean.sigmoid[n - 1]).toBeLessThan(mean.tanh[n - 1])
    expect((mean.relu[n - 1] * trials) % 1).toBe(0)
  }
  expect(((1 - 2 ** -10) ** trials).toFixed(3)).toBe('0.907')
  expect(((1 - 2 ** -20) ** trials).toFixed(4)).toBe('0.9999')
})

seedCase('s004-product-vanish-explode', (subject) => {
  const factors = subject.data.inputs.factor as number[]
  const n = subject.number('L')
  const chain = (w: Tensor) => (h: Tensor) => Array.from({ length: n }).reduce<Tensor>((h) => w.mul(h), h)
  const product = factors.map((factor) => grad(chain(tensor(factor, float64)))(tensor(1, float64)).item())
  expect(factors.map((factor) => factorProduct(factor, n).product)).toEqual(product)
  subject.check({ other: { product } })
})

seedCase('s004-initializers', (subject) => {
  const [fanIn, fanOut] = [subject.number('fan_in'), subject.number('fan_out')]
  const both = fanIn + fanOut
  const uniform = { xavierUniform_: Math.sqrt(6 / both), kaimingUniform_: Math.sqrt(6 / fanIn) }
  const normal = { xavierNormal_: Math.sqrt(2 / both), kaimingNormal_: Math.sqrt(2 / fanIn) }
  const linear = 1 / Math.sqrt(fanIn)
  subject.check(
    {
      other: {
        xavier_uniform_bound: uniform.xavierUniform_,
        xavier_normal_std: normal.xavierNormal_,
        he_normal_std: normal.kaimingNormal_,
        he_uniform_bound: uniform.kaimingUniform_,
        torch_linear_default_bound: linear,
      },
    },
    ['other.invariants'],
  )
  manualSeed(0)
  const times = Math.ceil(100_000 / (fanIn * fanOut))
  const draws = (draw: () => Tensor) => stack(Array.from({ length: times }, draw))
  const within = (sample: Tensor, deviation: number, what: string) =>
    expect(Math.abs(sample.std().item() / deviation - 1), what).toBeLessThan(0.02)
  const bounded = (sample: Tensor, bound: number, what: string) => {
    within(sample, bound / Math.sqrt(3), what)
    expect(sample.abs().max().item() / bound, what).toBeGreaterThan(0.999)
    expect(sample.abs().max().item() / bound, what).toBeLessThanOrEqual(1 + 1e-6)
  }
  for (const name of ['xavierUniform_', 'kaimingUniform_'] as const)
    bounded(
      draws(() => nn.init[name](zeros([fanOut, fanIn]))),
      uniform[name],
      name,
    )
  for (const name of ['xavierNormal_', 'kaimingNormal_'] as const)
    within(
      draws(() => nn.init[name](zeros([fanOut, fanIn]))),
      normal[name],
      name,
    )
  bounded(
    draws(() => new nn.Linear(fanIn, fanOut).weight.detach()),
    linear,
    'Linear',
  )
})

seedCase('s004-residual-bypass', (subject) => {
  const blocks = subject.number('blocks')
  const { x, w } = subject.leaves()
  const deep = (block: (h: Tensor) => Tensor) => Array.from({ length: blocks }).reduce<Tensor>((h) => block(h), x)
  const residual = deep((h) => h.add(w.mul(h.tanh())))
  const plain = deep((h) => w.mul(h.tanh()))
  const found = { residual: gradientsOf(residual, { x, w }), plain: gradientsOf(plain, { x, w }) }
  subject.check({ forward: { residual, plain }, gradients: found })
  expect(found.residual.x.item()).toBeGreaterThanOrEqual(1)
  expect(gradients(plain, [x])[0]!.item()).toBeLessThan(1)
})
