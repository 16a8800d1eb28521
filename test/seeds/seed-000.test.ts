/** Article 000, "Chain Rule: The Math Behind Backprop": a sigmoid neuron, linear layers, activations, deep networks. */
import { expect } from 'vitest'
import { scientific } from '../../examples/seeds/format.ts'
import { grad, manualSeed, ones, randn, type Tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'
import { type Found, float64, gradientsOf, type Json, seedCase } from './cases.ts'
import { TorchRandom } from './torch-random.ts'

seedCase('s000-neuron-sigmoid', (subject) => {
  const { x, w, b, y } = subject.leaves()
  const z = w.mul(x).add(b).retainGrad()
  const a = z.sigmoid().retainGrad()
  const L = a.sub(y).square().retainGrad()
  subject.checkGraph(L)
  L.backward()
  const slope = gradientsOf(w.mul(x).add(b), { w, b, x })
  const dadz = grad((z: Tensor) => z.sigmoid())(z)
  subject.check({
    forward: { z, a, L },
    gradients: { w: w.grad!, b: b.grad!, x: x.grad! },
    other: {
      adjoints: { z: z.grad!, a: a.grad!, L: L.grad! },
      local: { dL_da: a.grad!, da_dz: dadz, dz_dw: slope.w, dz_db: slope.b, dz_dx: slope.x },
      manual: {
        dL_dw: 2 * (a.item() - y.item()) * a.item() * (1 - a.item()) * x.item(),
        dL_db: 2 * (a.item() - y.item()) * a.item() * (1 - a.item()),
      },
    },
  })
})

seedCase('s000-three-layer-relu', (subject) => {
  const { x, W1, b1, W2, b2, W3, b3, y } = subject.leaves()
  const z1 = x.matmul(W1).add(b1)
  const a1 = z1.relu()
  const z2 = a1.matmul(W2).add(b2)
  const a2 = z2.relu()
  const z3 = a2.matmul(W3).add(b3)
  const a3 = z3.relu()
  const L = a3.sub(y).square().sum()

  // the seven factors, output first
  const gate = (z: Tensor) => grad((z: Tensor) => z.relu().sum())(z)
  const factors = {
    'dL/da3': a3.sub(y).mul(2),
    'da3/dz3': gate(z3),
    'dz3/da2': W3.T,
    'da2/dz2': gate(z2),
    'dz2/da1': W2.T,
    'da1/dz1': gate(z1),
    'dz1/dW1': x.T,
  }
  const [dLda3, da3dz3, dz3da2, da2dz2, dz2da1, da1dz1, dz1dW1] = Object.values(factors)
  const product = dz1dW1.matmul(dLda3.mul(da3dz3).matmul(dz3da2).mul(da2dz2).matmul(dz2da1).mul(da1dz1))
  const found = gradientsOf(L, { W1, b1, W2, b2, W3, b3, x })
  expect(product.toArray()).toEqual(found.W1.toArray())
  subject.check(
    {
      forward: { z1, a1, z2, a2, z3, a3, L },
      gradients: found,
      other: {
        adjoints: gradientsOf(L, { z1, a1, z2, a2, z3, a3, L }),
        factorCount: Object.keys(factors).length,
        factors: Object.keys(factors),
      },
    },
    ['other.identity'],
  )
})

seedCase('s000-linear-sum-fixture', (subject) => {
  const { x, W, b } = subject.leaves()
  const z = x.matmul(W.T).add(b)
  const L = z.sum()
  const found = gradientsOf(L, { x, W, b })
  subject.check({
    forward: { z, L },
    gradients: found,
    other: {
      adjoints: gradientsOf(L, { z, L }),
      shapes: { z: z.shape, dW: found.W.shape, db: found.b.shape, dx: found.x.shape },
    },
  })
})

seedCase('s000-linear-delta-fixture', (subject) => {
  const { x, W, b, delta } = subject.leaves()
  const z = x.matmul(W.T).add(b)
  z.backward(delta.detach())
  // the article's text has xᵀ δ, the transpose of the gradient
  subject.check({
    forward: { z },
    gradients: { x: x.grad!, W: W.grad!, b: b.grad! },
    other: { transposed_dW: x.T.matmul(delta) },
  })
  expect(W.grad!.shape).not.toEqual(x.T.matmul(delta).shape)
})

seedCase('s000-linear-jacobian-random', (subject) => {
  const [batch, inputs, outputs] = ['batch', 'd_in', 'd_out'].map((name) => subject.number(name))
  manualSeed(0)
  const x = randn([batch, inputs], { ...float64, requiresGrad: true })
  const W = randn([outputs, inputs], { ...float64, requiresGrad: true })
  const b = randn([outputs], { ...float64, requiresGrad: true })
  const z = x.matmul(W.T).add(b)
  const { dW, db, dx } = gradientsOf(z.sum(), { dW: W, db: b, dx: x })
  const delta = ones([batch, outputs], float64)
  const apart = (g: Tensor, formula: Tensor) => g.sub(formula).abs().max()
  subject.check(
    {
      other: {
        maxError: { dW: apart(dW, delta.T.matmul(x)), db: apart(db, delta.sum(0)), dx: apart(dx, delta.matmul(W)) },
        shapes: { x: x.shape, W: W.shape, b: b.shape, z: z.shape, dW: dW.shape, db: db.shape, dx: dx.shape },
      },
    },
    ['other.invariants'],
  )
  for (const row of dW) expect(row.toArray()).toEqual(dW.at(0).toArray())
  for (const row of dx) expect(row.toArray()).toEqual(dx.at(0).toArray())
  expect(db.toArray()).toEqual(Array(outputs).fill(batch))
})

seedCase('s000-activation-gradients', (subject) => {
  const { z } = subject.leaves()
  const activations: Record<string, (z: Tensor) => Tensor> = {
    sigmoid: (z) => z.sigmoid(),
    relu: (z) => z.relu(),
    tanh: (z) => z.tanh(),
  }
  const of = (f: (activation: (z: Tensor) => Tensor) => Tensor) =>
    Object.fromEntries(Object.entries(activations).map(([name, activation]) => [name, f(activation)]))
  const slopes = of((f) => grad((z: Tensor) => f(z).sum())(z))
  const steepest = (name: string) => ({ max: slopes[name].max(), at: z.at(slopes[name].argmax()) })
  subject.check({
    forward: of((f) => f(z)),
    gradients: slopes,
    other: {
      maxSigmoidGrad: steepest('sigmoid').max,
      maxSigmoidGradAt: steepest('sigmoid').at,
      maxTanhGrad: steepest('tanh').max,
      maxTanhGradAt: steepest('tanh').at,
      rounded4: of((f) =>
        grad((z: Tensor) => f(z).sum())(z)
          .mul(1e4)
          .round()
          .div(1e4),
      ),
    },
  })
})

seedCase('s000-bce-with-logits', (subject) => {
  const { logits, y } = subject.leaves()
  const L = nn.bceWithLogits(logits, y.detach())
  const found = gradientsOf(L, { logits })
  const formula = logits.sigmoid().sub(y).div(logits.size)
  expect(found.logits.sub(formula).abs().max().item()).toBeLessThan(1e-16)
  subject.check({ forward: { p: logits.sigmoid(), L }, gradients: found }, ['other.formula'])
})

/** What `trace_gradients` prints of a model: the gradient norm of each parameter, the last first. */
function traceGradients(model: nn.Sequential, x: Tensor, y: Tensor): Record<string, number> {
  new optim.SGD(model.parameters(), { lr: 0.01 }).zeroGrad()
  nn.bceWithLogits(model.forward(x).squeeze(), y).backward()
  const parameters = [...model.namedParameters()].reverse()
  return Object.fromEntries(parameters.map(([name, parameter]) => [name, parameter.grad!.norm().item()]))
}

const layers = [10, 32, 32, 32, 1]
const activations = { sigmoid: () => new nn.Sigmoid(), relu: () => new nn.ReLU() }

function network(activation: () => nn.Layer): nn.Sequential {
  const parts = layers.slice(1).flatMap((n, i) => [activation(), new nn.Linear(layers[i], n)])
  return new nn.Sequential(...parts.slice(1))
}

/** The norms of both networks as PyTorch 1.13 finds them after `torch.manual_seed(seed)`. */
function normsFor(models: Record<string, nn.Sequential>, seed: number): Record<string, Record<string, number>> {
  const torch = new TorchRandom(seed)
  for (const model of Object.values(models)) {
    const linears = layers.slice(1).map((n, i) => torch.linear(layers[i], n))
    const entries = linears.flatMap(({ weight, bias }, i): [string, Tensor][] => [
      [`${2 * i}.weight`, weight],
      [`${2 * i}.bias`, bias],
    ])
    model.loadStateDict(Object.fromEntries(entries))
  }
  const x = torch.randn([16, 10])
  const y = torch.randint(2, 16)
  return Object.fromEntries(Object.entries(models).map(([name, model]) => [name, traceGradients(model, x, y)]))
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b)
/** numpy's default: linear between the two nearest. */
function quantile(values: readonly number[], share: number): number {
  const order = sorted(values)
  const place = share * (order.length - 1)
  const low = Math.floor(place)
  return order[low] + (place - low) * ((order[low + 1] ?? order[low]) - order[low])
}

/** A number with as many digits as the one it is compared with. */
const roundedLike = (x: number, given: Json): number =>
  Number(
    x.toPrecision(
      Number(given)
        .toExponential()
        .replace(/e.*|[-.]/g, '').length,
    ),
  )

const mapEntries = <T, R>(record: Record<string, T>, f: (value: T, name: string) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, f(value, name)]))

type Kind = 'sigmoid' | 'relu'
type Numbers = Record<string, Json>

seedCase('s000-trace-gradients', (subject) => {
  const models = { sigmoid: network(activations.sigmoid), relu: network(activations.relu) }
  const runs = Array.from({ length: 1000 }, (_, seed) => normsFor(models, seed))
  const names = Object.keys(runs[0].sigmoid)
  const ratios = (norms: Record<string, number>[]) => norms.map((n) => n['0.weight'] / n['6.weight'])
  const named = [...models.relu.namedParameters()]
  const { ratio0over6, medianNorms } = subject.data.expected.other.reference as Record<string, Record<Kind, Numbers>>
  const of = (f: (norms: Record<string, number>[], kind: Kind) => { [key: string]: Found }) => ({
    sigmoid: f(
      runs.map((run) => run.sigmoid),
      'sigmoid',
    ),
    relu: f(
      runs.map((run) => run.relu),
      'relu',
    ),
  })
  const shares = { min: 0, p01: 0.01, median: 0.5, p99: 0.99, max: 1 }
  const reference = {
    ratio0over6: of((norms, kind) =>
      mapEntries(shares, (share, name) => roundedLike(quantile(ratios(norms), share), ratio0over6[kind][name])),
    ),
    medianNorms: of((norms, kind) =>
      mapEntries(norms[0], (_, name) =>
        roundedLike(
          quantile(
            norms.map((n) => n[name]),
            0.5,
          ),
          medianNorms[kind][name],
        ),
      ),
    ),
    manualSeed0: of(([first]) => mapEntries(first, (norm) => scientific(norm, 2))),
  }
  subject.check(
    {
      other: {
        parameterCount: named.reduce((sum, [, parameter]) => sum + parameter.size, 0),
        parameterOrderPrinted: names,
        shapes: Object.fromEntries(named.map(([name, parameter]) => [name, parameter.shape])),
        reference,
      },
    },
    ['other.invariants', 'other.reference.how'],
  )

  const share = (holds: (run: (typeof runs)[0]) => boolean) => runs.filter(holds).length / runs.length
  expect(share(({ sigmoid, relu }) => ratios([sigmoid])[0] < ratios([relu])[0])).toBe(0.997)
  const weights = ['0.weight', '2.weight', '4.weight', '6.weight']
  expect(share(({ sigmoid: n }) => weights.every((name, i) => i === 0 || n[weights[i - 1]] < n[name]))).toBe(0.997)
  expect(share(({ sigmoid, relu }) => sigmoid['0.weight'] < 0.0026 && relu['0.weight'] > 0.012)).toBe(1)
  const steps = runs.flatMap(({ sigmoid: n }) => [4, 2, 0].map((i) => n[`${i}.bias`] / n[`${i + 2}.bias`]))
  expect(quantile(steps, 0.5)).toBeCloseTo(0.14, 2)
})
