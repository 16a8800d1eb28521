/** Article 002, "The blame chain": products of effects, (w·x + b)², two layers and a step of descent, modes, memory. */
import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { modePasses } from '../../src/explain/index.ts'
import {
  checkpoint,
  defineFunction,
  eye,
  grad,
  gradients,
  jvp,
  manualSeed,
  noGrad,
  randn,
  stack,
  type Tensor,
  tensor,
  vjp,
} from '../../src/index.ts'
import { mul } from '../../src/ops/elementwise/index.ts'
import * as optim from '../../src/optim/index.ts'
import { backwardVisits, float64, gradientsOf, seedCase, tapeOf } from './cases.ts'

seedCase('s002-fertilizer', (subject) => {
  const cropYield = (fertilizer: Tensor) => fertilizer.mul(subject.number('dB_dA'))
  const quality = (cropYield: Tensor) => cropYield.mul(subject.number('dC_dB'))
  const A = tensor(1, float64)
  const [dB, dC] = [grad(cropYield)(A), grad(quality)(cropYield(A))]
  expect(dC.mul(dB).item()).toBe(grad((A: Tensor) => quality(cropYield(A)))(A).item())
  subject.check({ other: { dC_dA: dC.mul(dB) } })
})

seedCase('s002-chain-3x2', (subject) => {
  const { x } = subject.leaves()
  const inner = (x: Tensor): Tensor => mul<Tensor>(3, x).add(2)
  const outer = (u: Tensor): Tensor => u.square()
  const u = inner(x)
  const f = outer(u)
  const found = gradientsOf(f, { x })
  expect(found.x.item()).toBe(6 * (3 * x.item() + 2))
  subject.check({ forward: { u, f }, gradients: found, other: { df_du: grad(outer)(u), du_dx: grad(inner)(x) } }, [
    'other.closedForm',
  ])
})

seedCase('s002-wxb-squared', (subject) => {
  const { w, x, b } = subject.leaves()
  const z = w.mul(x)
  const h = z.add(b)
  const L = h.square()
  subject.checkGraph(L)
  const found = gradientsOf(L, { w, x, b })
  const adjoints = gradientsOf(L, { z, h, L })
  const intermediate = { z, h }
  const kept = new Set(tapeOf(L).flatMap(({ inputs }) => inputs!))
  subject.check({
    forward: { z, h, L },
    gradients: found,
    other: {
      adjoints,
      dL_dL: adjoints.L,
      dL_dh: adjoints.h,
      dL_dz: adjoints.z,
      blameRatio_w_over_b: found.w.div(found.b),
      savedIntermediates: Object.entries(intermediate).flatMap(([name, value]) => (kept.has(value) ? [name] : [])),
    },
  })
})

/** Two layers of one weight each, without biases. */
function twoLayers({ x, y, w1, w2 }: Record<string, Tensor>) {
  const z1 = w1.mul(x)
  const a1 = z1.relu()
  const z2 = w2.mul(a1)
  return { z1, a1, z2, L: z2.sub(y).pow(2) }
}

seedCase('s002-two-layer', (subject) => {
  const { x, y, w1, w2 } = subject.leaves()
  const values = twoLayers({ x, y, w1, w2 })
  const { z1, L } = values
  subject.checkGraph(L)
  const found = gradientsOf(L, { w1, w2, x })
  const adjoints = gradientsOf(L, values)
  const before = w2.item()
  L.backward()
  new optim.SGD([w1, w2], { lr: subject.number('lr') }).step()
  subject.check({
    forward: values,
    gradients: found,
    other: {
      adjoints,
      dL_dz2: adjoints.z2,
      dL_da1: adjoints.a1,
      dL_dz1: adjoints.z1,
      relu_grad: grad((z: Tensor) => z.relu())(z1),
      w1_new: w1,
      w2_new: w2,
      after: noGrad(() => twoLayers({ x, y, w1, w2 })),
      w2_direction: w2.item() > before ? 'increased' : 'decreased',
    },
  })
})

seedCase('s002-two-layer-autograd', (subject) => {
  const { x, y, w1, w2 } = subject.leaves()
  const values = twoLayers({ x: x.detach(), y: y.detach(), w1, w2 })
  values.L.backward()
  subject.check({ forward: values, gradients: { w1: w1.grad!, w2: w2.grad! } })
})

seedCase('s002-blame-chain-3-layers', (subject) => {
  const { x, w1, b1, w2, b2, w3, b3, t } = subject.leaves()
  const layer = (w: Tensor, b: Tensor) => (h: Tensor) => w.mul(h).add(b)
  const h1 = layer(w1, b1)(x)
  const h2 = layer(w2, b2)(h1)
  const h3 = layer(w3, b3)(h2)
  const L = h3.sub(t).square()
  const adjoints = gradientsOf(L, { h1, h2, h3, L })
  const factors = {
    dL_dh3: adjoints.h3,
    dh3_dh2: grad(layer(w3, b3))(h2),
    dh2_dh1: grad(layer(w2, b2))(h1),
    dh1_dw1: grad((w: Tensor) => layer(w, b1)(x))(w1),
  }
  const found = gradientsOf(L, { x, w1, b1, w2, b2, w3, b3 })
  expect(Object.values(factors).reduce((product, factor) => product * factor.item(), 1)).toBe(found.w1.item())

  const arrivals: string[] = [] // the order in which the weights learn of their blame
  for (const [name, weight] of Object.entries({ w1, w2, w3 })) weight.onGrad(() => void arrivals.push(name))
  L.backward()
  subject.check({ forward: { h1, h2, h3, L }, gradients: found, other: { adjoints, factors, blameOrder: arrivals } })
})

seedCase('s002-dynamic-control-flow', (subject) => {
  const f = (x: Tensor): Tensor => {
    let y = x
    for (let i = 0; i < 4; i++) y = y.item() < 10 ? y.mul(x) : y.add(x)
    return y
  }
  const { x } = subject.leaves()
  const rows = x.unbind().map((row) => {
    const x = tensor(row.item(), { ...float64, requiresGrad: true })
    const y = f(x)
    y.backward()
    return { x, y, dy_dx: x.grad! }
  })
  subject.check({ other: { rows } })
})

/** A deep network of layers that count how often they run. */
function countingNet(layers: number, width: number) {
  let runs = 0
  const layer = defineFunction({
    name: 'countedLayer',
    forward(ctx, h: Tensor, w: Tensor) {
      runs++
      const y = h.matmul(w).tanh()
      ctx.saveForBackward(h, w, y)
      return y
    },
    backward(ctx, g: Tensor) {
      const [h, w, y] = ctx.savedTensors
      const dz = g.mul(y.square().neg().add(1))
      return [dz.matmul(w.T), h.T.matmul(dz)]
    },
  })
  manualSeed(0)
  const weights = Array.from({ length: layers }, () => randn([width, width], { ...float64, requiresGrad: true }))
  const run = (from: number, to: number) => (x: Tensor) => weights.slice(from, to).reduce((h, w) => layer(h, w), x)
  return { weights, run, runs: () => runs }
}

/** The elements that the tape behind y keeps, beside those of the parameters. */
function savedElements(y: Tensor, parameters: readonly Tensor[]): number {
  const values = tapeOf(y).flatMap(({ inputs, outputs }) => [...inputs!, ...outputs!])
  const stores = new Set(values.flatMap((x) => (typeof x === 'number' ? [] : [x.storage])))
  for (const parameter of parameters) stores.delete(parameter.storage)
  return [...stores].reduce((sum, { buffer }) => sum + buffer.length, 0)
}

seedCase('s002-checkpointing', (subject) => {
  const layers = subject.number('layers')
  const [batch, width] = [16, 32]
  const x = randn([batch, width], float64)
  const train = (forward: (net: ReturnType<typeof countingNet>) => Tensor) => {
    const net = countingNet(layers, width)
    const loss = forward(net).sum()
    const saved = savedElements(loss, net.weights)
    const found = gradients(loss, net.weights)
    return { saved, runs: net.runs(), gradients: found.map((g) => g!.toArray()), weights: net.weights }
  }
  const plain = train(({ run }) => run(0, layers)(x))
  const segments = train(({ run }) => [0, 4, 8, 12].reduce((h, from) => checkpoint(run(from, from + layers / 4), h), x))
  expect(segments.gradients).toEqual(plain.gradients)
  expect(segments.saved).toBeLessThan(plain.saved)
  expect(plain.runs).toBe(layers)
  expect(segments.runs).toBeGreaterThan(plain.runs)
  expect(segments.runs).toBeLessThanOrEqual(2 * plain.runs)

  // inference holds the parameters; training holds their gradients and the saved values as well
  const parameters = plain.weights.reduce((sum, { size }) => sum + size, 0)
  const factor = (2 * parameters + plain.saved) / parameters
  const [least, most] = subject.data.expected.other.memoryFactorClaim as number[]
  expect(factor).toBeGreaterThanOrEqual(least)
  expect(factor).toBeLessThanOrEqual(most)
  subject.check({}, ['other.invariants', 'other.memoryFactorClaim'])
})

seedCase('s002-mode-cost', (subject) => {
  // as many passes as the table says give the whole Jacobian, whichever the mode
  for (const [inputs, outputs] of [
    [6, 1],
    [1, 6],
  ]) {
    manualSeed(0)
    const W = randn([outputs, inputs], float64)
    const x = randn([inputs], float64)
    const f = (x: Tensor) => W.matmul(x).tanh()
    const rows = (n: number) => [...eye(n, float64)]
    const columns = rows(inputs).map((v) => jvp(f, [x], [v])[1])
    const [, pullback] = vjp(f, x)
    const byReverse = stack(rows(outputs).map((u) => pullback(u)[0]))
    const passes = modePasses(inputs, outputs)
    expect([columns.length, byReverse.shape[0]]).toEqual([passes.forward, passes.reverse])
    expect(stack(columns, 1).sub(byReverse).abs().max().item()).toBeLessThan(1e-15)
  }
  const { rows } = subject.data.expected.other as { rows: { n: number; m: number }[] }
  const found = rows.map(({ n, m }) => {
    const { inputs, outputs, forward, reverse, winner } = modePasses(n, m)
    return { n: inputs, m: outputs, forwardModePasses: forward, reverseModePasses: reverse, winner }
  })
  subject.check({ other: { rows: found } }, ['other.backwardNodeVisits', 'other.rows.1.reverseCostInForwardPasses'])

  // one visit per operation, however the paths cross
  const x = tensor(0.5, { ...float64, requiresGrad: true })
  const y = Array.from({ length: 20 }).reduce<Tensor>((y) => y.mul(y).add(y), x)
  expect(backwardVisits(y)).toHaveLength(40)
})

seedCase('s002-player', (subject) => {
  const { steps, strip } = subject.data.expected.other as { steps: { n: number; title: string }[]; strip: string[] }
  expect(steps.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(strip).toHaveLength(subject.number('steps') - 1) // the seventh step has no station
  // what each step calculates is a program that names the step
  const programs = [
    ...['002-blame-chain', '002-chain-rule', '002-forward-backward', '002-forward-backward', '002-forward-backward'],
    ...['002-two-layers', '002-mode-cost', '002-autograd'],
  ]
  for (const [i, { title }] of steps.entries()) {
    const text = readFileSync(new URL(`../../examples/seeds/${programs[i]}.ts`, import.meta.url), 'utf8')
    const [opening] = text.replaceAll('\n * ', ' ').split('*/')
    expect(opening, programs[i]).toContain(title.split(' — ')[0])
  }
  subject.check({}, ['other.steps', 'other.strip', 'other.initialText', 'other.counter'])
})
