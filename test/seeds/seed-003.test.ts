/** Article 003, "Chain Rule of Derivatives": the 2-2-1 anchor network, common derivatives, difference quotients. */
import { expect } from 'vitest'
import { factorProduct, modePasses } from '../../src/explain/index.ts'
import { checkGradients, grad, gradients, stack, type Tensor, tensor, vjp } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { anchor, elementOf } from './anchor.ts'
import { type Found, float64, gradientsOf, near, seedCase } from './cases.ts'

/** What a value was calculated from, up to the values that have a name, and by which operations. */
function madeOf(value: Tensor, named: Map<Tensor, string>): { operands: string[]; ops: string[] } {
  const operands = new Set<string>()
  const ops: string[] = []
  const visit = (x: Tensor | number): void => {
    if (typeof x === 'number') return
    const name = x === value ? undefined : named.get(x)
    if (name !== undefined) operands.add(name)
    if (name !== undefined || x.gradFn === null) return
    ops.push(x.gradFn.composite?.name ?? x.gradFn.name)
    for (const input of x.gradFn.inputs!) visit(input)
  }
  visit(value)
  return { operands: [...operands], ops }
}

seedCase('s003-anchor-forward', (subject) => {
  const leaves = subject.leaves()
  const { x, W1, b1, W2, b2 } = leaves
  const values = anchor(leaves)
  const { z1, a1, z2, yhat, L } = values
  const adjoints = gradientsOf(L, { z1, a1, z2, yhat, L })
  subject.check({
    forward: { z1, a1, z2: z2.item(), yhat: yhat.item(), L },
    gradients: gradientsOf(L, { x, W1, b1, W2, b2 }),
    other: {
      adjoints: { ...adjoints, z2: adjoints.z2.item(), yhat: adjoints.yhat.item() },
      shapes: { W1: W1.shape, W2: W2.shape },
    },
  })

  const named = new Map(Object.entries({ ...leaves, z1, a1, z2, yhat, L }).map(([name, value]) => [value, name]))
  const patterns: Record<string, string[]> = {
    affine: ['matmul', 'add'],
    relu: ['relu'],
    sigmoid: ['sigmoid'],
    bce: ['bceLoss'],
  }
  for (const { id, op, in: wanted } of subject.data.graph!.nodes) {
    const { operands, ops } = madeOf(values[id as keyof typeof values], named)
    expect(operands.sort(), `the operands of ${id}`).toEqual([...wanted].sort())
    expect(ops, `the operations of ${id}`).toEqual(expect.arrayContaining(patterns[op]))
  }
  subject.graphChecked()
})

seedCase('s003-single-sigmoid', (subject) => {
  const { w, x, b } = subject.leaves()
  const z = w.mul(x).add(b)
  const y = z.sigmoid()
  const found = gradientsOf(y, { w, x, b })
  const sigma = grad((z: Tensor) => z.sigmoid())(z)
  subject.check({
    forward: { z, y },
    gradients: found,
    other: { one_minus_y: 1 - y.item(), sigma_prime: sigma, dy_dw: found.w },
  })
})

seedCase('s003-multivariable-linear', (subject) => {
  const { x1, x2, dL_dz } = subject.leaves()
  const preActivation = (w1: Tensor, w2: Tensor, b: Tensor): Tensor => w1.mul(x1).add(w2.mul(x2)).add(b)
  // the weights are symbols in the article: any will do
  const [, pullback] = vjp(preActivation, tensor(0.3, float64), tensor(-0.7, float64), tensor(0.2, float64))
  const [w1, w2, b] = pullback(dL_dz.detach())
  const [dw1, dw2, db] = pullback(tensor(1, float64))
  subject.check({ gradients: { w1, w2, b }, other: { dz_dw1: dw1, dz_dw2: dw2, dz_db: db } })
})

seedCase('s003-anchor-w11-four-factors', (subject) => {
  const leaves = subject.leaves()
  const { z1, a1, z2, yhat, L } = anchor(leaves)
  const factors = {
    dL_dz2: elementOf(gradients(L, [z2], { retainGraph: true }), 0),
    dz2_da1_1: elementOf(gradients(z2, [a1], { retainGraph: true }), 0),
    da1_1_dz1_1: elementOf(gradients(a1.at(0), [z1], { retainGraph: true }), 0),
    dz1_1_dW1_11: elementOf(gradients(z1.at(0), [leaves.W1], { retainGraph: true }), 0, 0),
  }
  const W1_11 = elementOf(gradients(L, [leaves.W1]), 0, 0)
  expect(
    near(
      Object.values(factors).reduce((product, factor) => product * factor, 1),
      W1_11,
    ),
  ).toBe(true)
  subject.check({ forward: { z1, a1, z2: z2.item(), yhat: yhat.item() }, gradients: { W1_11 }, other: { factors } })
})

seedCase('s003-anchor-gradient-trace', (subject) => {
  const leaves = subject.leaves()
  const { z1, a1, z2, yhat, L } = anchor(leaves)
  const [dyhat, dz2, da1, dz1, dW1] = gradients(L, [yhat, z2, a1, z1, leaves.W1], { retainGraph: true })
  const steps: [name: string, label: string, value: number][] = [
    ['dL_dyhat', '∂L/∂ŷ', elementOf([dyhat], 0)],
    ['dL_dz2', '∂L/∂z2', elementOf([dz2], 0)],
    ['dz2_da1_1', '∂z2/∂a1₁', elementOf(gradients(z2, [a1], { retainGraph: true }), 0)],
    ['dL_da1_1', '∂L/∂a1₁', elementOf([da1], 0)],
    ['da1_1_dz1_1', '∂a1₁/∂z1₁', elementOf(gradients(a1.at(0), [z1], { retainGraph: true }), 0)],
    ['dL_dz1_1', '∂L/∂z1₁', elementOf([dz1], 0)],
    ['dz1_1_dW1_11', '∂z1₁/∂W1₁₁', elementOf(gradients(z1.at(0), [leaves.W1], { retainGraph: true }), 0, 0)],
    ['dL_dW1_11', '∂L/∂W1₁₁', elementOf([dW1], 0, 0)],
  ]
  const trace = Object.fromEntries(steps.map(([name, , value]) => [name, value]))
  expect(near(trace.dL_dz2 * trace.dz2_da1_1, trace.dL_da1_1)).toBe(true)
  expect(near(trace.dL_da1_1 * trace.da1_1_dz1_1, trace.dL_dz1_1)).toBe(true)
  expect(near(trace.dL_dz1_1 * trace.dz1_1_dW1_11, trace.dL_dW1_11)).toBe(true)
  subject.check({
    forward: { z1, a1, z2: z2.item(), yhat: yhat.item() },
    gradients: { W1_11: trace.dL_dW1_11 },
    other: { trace, rows: steps.map(([, label]) => label) },
  })
  // with both numbers rounded first, as the article has it: 2.153 × 0.536 × 0.464 is not 0.536
  expect((2.153 * 0.536 * 0.464).toFixed(3)).toBe('0.535')
  expect((0.536 / 0.249).toFixed(3)).toBe('2.153')
})

seedCase('s003-mse-derivative', (subject) => {
  const { yhat, y } = subject.leaves()
  const MSE = nn.mseLoss(yhat, y.detach())
  const found = gradientsOf(MSE, { yhat })
  expect(found.yhat.item()).toBe((2 * (yhat.item() - y.item())) / subject.number('n'))
  subject.check({ forward: { MSE }, gradients: found })
})

seedCase('s003-bce-derivative', (subject) => {
  const { yhat, y } = subject.leaves()
  const BCE = nn.bceLoss(yhat, y.detach())
  subject.check({
    forward: { BCE },
    gradients: gradientsOf(BCE, { yhat }),
    other: { one_minus_yhat: 1 - yhat.item(), denominator: yhat.item() * (1 - yhat.item()) },
  })
})

seedCase('s003-bce-sigmoid-cancellation', (subject) => {
  const { z, y } = subject.leaves()
  const target = y.detach()
  const yhat = z.sigmoid()
  const L = nn.bceLoss(yhat, target, { reduction: 'none' })
  const composed = gradientsOf(L.sum(), { z })
  const fused = gradientsOf(nn.bceWithLogits(z, target, { reduction: 'sum' }), { z })
  for (const found of [composed, fused]) expect(found.z.sub(yhat.sub(y)).abs().max().item()).toBeLessThan(1e-15)
  subject.check({ forward: { yhat, L }, gradients: composed })
})

seedCase('s003-derivative-table', (subject) => {
  const { z } = subject.leaves()
  const functions: Record<string, (z: Tensor) => Tensor> = {
    sigmoid: (z) => z.sigmoid(),
    tanh: (z) => z.tanh(),
    relu: (z) => z.relu(),
  }
  const of = (f: (fn: (z: Tensor) => Tensor) => Tensor): Record<string, Found> =>
    Object.fromEntries(Object.entries(functions).map(([name, fn]) => [name, f(fn)]))
  const slopes = of((f) => grad((z: Tensor) => f(z).sum())(z)) as Record<string, Tensor>
  const [e, minus] = [z.exp(), z.neg().exp()]
  const steps = { sigmoid_step1: minus.div(minus.add(1).square()), tanh_step2: e.add(minus).square().pow(-1).mul(4) }
  for (const [step, name] of [
    ['sigmoid_step1', 'sigmoid'],
    ['tanh_step2', 'tanh'],
  ] as const)
    expect(slopes[name].sub(steps[step]).abs().max().item()).toBeLessThan(1e-15)

  const zero = tensor(0, { ...float64, requiresGrad: true })
  const slope = (h: number) => zero.add(h).relu().sub(zero.relu()).div(h)
  subject.check({
    forward: of((f) => f(z)),
    gradients: slopes,
    other: {
      steps,
      relu: {
        leftDerivativeAt0: slope(-1e-6),
        rightDerivativeAt0: slope(1e-6),
        subgradientUsed: grad(functions.relu)(zero),
      },
    },
  })
  const report = checkGradients((z) => z.relu(), [zero])
  expect([report.ok, report.inputs[0].kinks]).toEqual([true, 1])
})

seedCase('s003-finite-differences', (subject) => {
  const [x, eps] = [subject.number('x'), subject.number('eps')]
  const w = tensor(subject.number('w'), float64)
  const b = subject.number('z') - subject.number('w') * x
  const neuron = (w: Tensor): Tensor => w.mul(x).add(b).sigmoid()
  const analytical = grad(neuron)(w)
  const numerical = neuron(w.add(eps))
    .sub(neuron(w.sub(eps)))
    .div(2 * eps)
  const apart = analytical.sub(numerical).abs().item()
  subject.check({
    forward: { y: neuron(w) },
    gradients: { w: analytical },
    other: { analytical, numerical, match: apart <= 1e-8 + 1e-5 * Math.abs(numerical.item()) },
  })
})

seedCase('s003-fd-cost', (subject) => {
  const passes = modePasses(subject.number('parameters'), 1)
  subject.check({ other: { forwardPasses: passes.differences, passesPerGradient: passes.differences / passes.inputs } })
  // the checker evaluates the function twice per element, and a few times more to look at the whole
  const evaluations = (n: number) =>
    checkGradients(
      (x) => x.square().sum(),
      [
        tensor(
          Array.from({ length: n }, (_, i) => i + 1),
          float64,
        ),
      ],
    ).evaluations
  expect((evaluations(200) - evaluations(100)) / 100).toBe(2)
})

seedCase('s003-vanishing-50', (subject) => {
  const [n, slope] = [subject.number('n'), subject.number('maxDerivative')]
  const z = tensor(0, float64)
  expect(grad((z: Tensor) => z.sigmoid())(z).item()).toBe(slope)
  const { product } = factorProduct(slope, n)
  expect(
    stack(Array(n).fill(tensor(slope, float64)))
      .prod()
      .item(),
  ).toBe(product)
  subject.check({ other: { product } })
})
