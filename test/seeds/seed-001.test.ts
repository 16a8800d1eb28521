/** Article 001, "The Chain Rule": compositions, one ReLU neuron, two layers, sums over paths. */
import { expect } from 'vitest'
import { grad, jvp, noGrad, stack, type Tensor, tensor } from '../../src/index.ts'
import { mul } from '../../src/ops/elementwise/index.ts'
import * as optim from '../../src/optim/index.ts'
import { float64, gradientsOf, type Subject, seedCase } from './cases.ts'

const inner = (x: Tensor): Tensor => mul<Tensor>(3, x).add(1)
const outer = (u: Tensor): Tensor => u.square()
const composed = (x: Tensor): Tensor => outer(inner(x))

seedCase('s001-chain-basic', (subject) => {
  const { x } = subject.leaves()
  const u = inner(x)
  const h = outer(u)
  subject.checkGraph(h)
  const [dg, df] = [grad(inner)(x), grad(outer)(u)]
  const [, predicted] = jvp(composed, [x], [tensor(0.001, float64)])
  subject.check({
    forward: { u, h },
    gradients: gradientsOf(h, { x }),
    other: {
      dg_dx: dg,
      df_du: df,
      dh_dx: df.mul(dg),
      gear: { inner: dg, outer: df, total: df.mul(dg) },
      df_du_at_u3: grad(outer)(tensor(3, float64)),
      nudge: { dx: 0.001, predicted, actual: composed(x.add(0.001)).sub(h) },
    },
  })
})

seedCase('s001-chain-basic-fd', (subject) => {
  const x = tensor(subject.number('x'), float64)
  const step = subject.number('h_val')
  const numerical = composed(x.add(step)).sub(composed(x)).div(step)
  const found = grad(composed)(x)
  subject.check({ forward: { numerical }, gradients: { x: found }, other: { absErrorMax: 1e-5 } }, [
    'other.exactQuotient',
  ])
  expect(Math.abs(numerical.item() - (42 + 9 * step))).toBeLessThan(1e-5)
})

seedCase('s001-three-compositions', (subject) => {
  const { x } = subject.leaves()
  const stages = [(x: Tensor) => x.mul(3).add(1), (k: Tensor) => k.sin(), (g: Tensor) => g.square()]
  const [first, second, third] = stages
  const k = first(x)
  const g = second(k)
  const f = third(g)
  const factors = { df_dg: grad(third)(g), dg_dk: grad(second)(k), dk_dx: grad(first)(x) }
  const product = factors.df_dg.mul(factors.dg_dk).mul(factors.dk_dx)
  const found = gradientsOf(f, { x })
  expect(Object.keys(factors)).toHaveLength(stages.length)
  expect(product.item()).toBeCloseTo(found.x.item(), 15)
  subject.check({ forward: { k, g, f }, gradients: found, other: { factors, adjoints: gradientsOf(f, { k, g, f }) } })
})

/** The ReLU neuron z = wx + b, a = relu(z), loss = (a - t)². */
function neuron({ x, w, b, t }: Record<string, Tensor>) {
  const wx = w.mul(x)
  const z = wx.add(b)
  const a = z.relu()
  const e = a.sub(t)
  return { wx, z, a, e, loss: e.square() }
}

const gate = (z: Tensor): Tensor => grad((z: Tensor) => z.relu())(z)

seedCase('s001-neuron-relu', (subject) => {
  const { x, w, b, t } = subject.leaves()
  const values = neuron({ x, w, b, t })
  subject.checkGraph(values.loss)
  const adjoints = gradientsOf(values.loss, values)
  const slope = gradientsOf(values.z, { w, b, x })
  subject.check({
    forward: values,
    gradients: gradientsOf(values.loss, { x, w, b, t }),
    other: {
      adjoints,
      local: { dloss_da: adjoints.a, da_dz: gate(values.z), dz_dw: slope.w, dz_db: slope.b, dz_dx: slope.x },
      dloss_da: adjoints.a,
      da_dz: gate(values.z),
      dloss_dz: adjoints.z,
    },
  })
})

function checkClosedGate(subject: Subject): void {
  const leaves = subject.leaves()
  const values = neuron(leaves)
  subject.checkGraph(values.loss)
  const { x, w, b } = leaves
  const slope = gate(values.z)
  subject.check({
    forward: values,
    gradients: gradientsOf(values.loss, { x, w, b }),
    other: {
      adjoints: gradientsOf(values.loss, values),
      da_dz: slope,
      gate: slope.item() === 0 ? 'closed' : 'open',
    },
  })
}

seedCase('s001-neuron-relu-dead', checkClosedGate)
seedCase('s001-neuron-relu-kink', checkClosedGate)

seedCase('s001-neuron-update', (subject) => {
  const { x, w, b, t } = subject.leaves()
  const { loss } = neuron({ x, w, b, t })
  loss.backward()
  new optim.SGD([w, b], { lr: subject.number('lr') }).step()
  const after = noGrad(() => neuron({ x, w, b, t }).loss)
  subject.check({
    forward: { loss },
    gradients: { w: w.grad!, b: b.grad! },
    other: { w_new: w, b_new: b, loss_new: after },
  })
})

seedCase('s001-two-input-neuron', (subject) => {
  const { a1, a2, w1, w2, b, t } = subject.leaves()
  const z = w1.mul(a1).add(w2.mul(a2)).add(b)
  const a = z.relu()
  const C = a.sub(t).square()
  const found = gradientsOf(C, { a1, a2, w1, w2, b })
  const { delta } = gradientsOf(C, { delta: z })
  const shared = { w1: delta.mul(a1), w2: delta.mul(a2), b: delta, a1: delta.mul(w1), a2: delta.mul(w2) }
  for (const [name, product] of Object.entries(shared)) expect(found[name].item(), name).toBe(product.item())
  subject.check({ forward: { z, a, C }, gradients: found, other: { delta } }, ['other.identities'])
})

seedCase('s001-sum-over-paths', (subject) => {
  const { h, W, b, t } = subject.leaves()
  const z = h.mul(W).add(b)
  const L = z.tanh().sub(t).square().sum()
  const adjoints = gradientsOf(L, { z, L })
  const paths = adjoints.z.mul(W) // one for each neuron that h feeds
  const found = gradientsOf(L, { h, W })
  expect(paths.sum().item()).toBeCloseTo(found.h.item(), 14)
  subject.check({
    forward: { z, L },
    gradients: found,
    other: { adjoints, perPathContribution: paths, pathCount: paths.size },
  })
})

seedCase('s001-transpose-sums-paths', (subject) => {
  const { h, W, dL_dz } = subject.leaves()
  const z = h.matmul(W)
  z.backward(dL_dz.detach())
  expect(h.grad!.toArray()).toEqual(dL_dz.matmul(W.T).toArray())
  subject.check({ forward: { z }, gradients: { h: h.grad!, W: W.grad! } })
})

/** The two-layer network of the article, its loss a power as in the article's listing. */
function twoLayers({ x, w1, b1, w2, b2, t }: Record<string, Tensor>) {
  const w1x = w1.mul(x)
  const z1 = w1x.add(b1)
  const h = z1.relu()
  const w2h = w2.mul(h)
  const z2 = w2h.add(b2)
  return { w1x, z1, h, w2h, z2, loss: z2.sub(t).pow(2) }
}

/** A number as the article's table writes it: one decimal and a minus sign. */
const shown = (x: Tensor): string => x.item().toFixed(1).replace('-', '−')

seedCase('s001-two-layer', (subject) => {
  const leaves = subject.leaves()
  const { x, w1, b1, w2, b2, t } = leaves
  const values = twoLayers(leaves)
  const { z1, h, z2, loss } = values
  subject.checkGraph(loss)
  const found = gradientsOf(loss, { x, w1, b1, w2, b2 })
  const adjoints = gradientsOf(loss, values)
  const local = { ...gradientsOf(w2.mul(h).add(b2), { dz2_dh: h }), ...gradientsOf(w1.mul(x).add(b1), { dz1_dw1: w1 }) }
  const [dy, dh, dz1] = [adjoints.z2, adjoints.h, adjoints.z1]
  const row = (location: string, value: Tensor, how: string) => ({ location, value, how })
  const [abs1, abs2] = [found.w1.abs(), found.w2.abs()]
  subject.check({
    forward: { ...values, y: z2 },
    gradients: found,
    other: {
      adjoints,
      dloss_dy: dy,
      dloss_dh: dh,
      dloss_dz1: dz1,
      factors: { dL_dy: dy, dy_dz2: 1, dz2_dh: local.dz2_dh, dh_dz1: gate(z1), dz1_dw1: local.dz1_dw1 },
      abs_dw1: abs1,
      abs_dw2: abs2,
      ratio_dw1_dw2: abs1.div(abs2),
      table: [
        row('∂L/∂y', dy, `2(${z2.item()}−${t.item()})`),
        row('∂L/∂w2', found.w2, `${shown(dy)} × h = ${shown(dy)} × ${shown(h)}`),
        row('∂L/∂h', dh, `${shown(dy)} × w₂ = ${shown(dy)} × ${shown(w2)}`),
        row('∂L/∂z1', dz1, `${shown(dh)} × ${shown(gate(z1))} (ReLU open)`),
        row('∂L/∂w1', found.w1, `${shown(dz1)} × x = ${shown(dz1)} × ${shown(x)}`),
        row('∂L/∂b1', found.b1, `${shown(dz1)} × ${shown(gradientsOf(w1.mul(x).add(b1), { b1 }).b1)}`),
      ],
    },
  })
})

seedCase('s001-two-layer-autograd', (subject) => {
  const { x, t, ...parameters } = subject.leaves()
  x.requiresGrad = false
  t.requiresGrad = false
  const { z1, h, z2, loss } = twoLayers({ x, t, ...parameters })
  const walk = subject.checkGraph(loss)
  loss.backward()
  const pascal = (name: string) => name[0].toUpperCase() + name.slice(1)
  // PyTorch numbers its node classes, so that the first PowBackward is PowBackward0
  subject.check({
    forward: { z1, h, z2, y: z2, loss },
    gradients: Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, parameter.grad!])),
    other: {
      backwardWalk: walk.map((name) => `${pascal(name)}Backward`),
      lossGradFn: `${pascal(loss.gradFn!.name)}Backward0`,
      xTracked: x.requiresGrad,
      targetTracked: t.requiresGrad,
    },
  })
})

seedCase('s001-explode-vanish-scalar', (subject) => {
  const { w } = subject.leaves()
  const n = subject.number('n')
  const chain = (w: Tensor) => (h: Tensor) => Array.from({ length: n }).reduce<Tensor>((h) => w.mul(h), h)
  const h = tensor(1, float64)
  subject.check({ other: { product: stack(w.unbind().map((w) => grad(chain(w))(h))) } })
})
