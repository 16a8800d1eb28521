/** Article 004, "The chain rule as the mathematical foundation of backpropagation": Jacobians, graphs, fan-out. */
import { expect } from 'vitest'
import {
  defineFunction,
  grad,
  gradients,
  jacobian,
  jacrev,
  jvp,
  stack,
  type Tensor,
  tensor,
  vjp,
} from '../../src/index.ts'
import { float64, gradientsOf, near, seedCase } from './cases.ts'

seedCase('s004-sin-x2', (subject) => {
  const { x } = subject.leaves()
  const epsilon = subject.number('epsilon')
  const inner = (x: Tensor): Tensor => x.square()
  const outer = (u: Tensor): Tensor => u.sin()
  const composed = (x: Tensor): Tensor => outer(inner(x))
  const u = inner(x)
  const [dg, df] = [grad(inner)(x), grad(outer)(u)]
  const analytical = df.mul(dg)
  const numerical = composed(x.add(epsilon))
    .sub(composed(x.sub(epsilon)))
    .div(2 * epsilon)
  const difference = analytical.sub(numerical).abs().item()
  subject.check(
    {
      forward: { u, h: outer(u) },
      gradients: gradientsOf(composed(x), { x }),
      other: { dg_dx: dg, df_du: df, analytical, numerical, difference },
    },
    ['other.difference'],
  )
  // what rounding leaves of the quotient is the machine's; with this step it is never the article's 1.77e-10
  expect(difference).toBeLessThan(1e-7)
  expect(difference).toBeGreaterThan(1e-9)
  expect(near(analytical.item(), 4 * Math.cos(4), 1e-15)).toBe(true)
})

seedCase('s004-gears', (subject) => {
  const [inner, outer] = [subject.number('dg_dx'), subject.number('df_dg')]
  const turns = (x: Tensor): Tensor => x.mul(inner).mul(outer)
  subject.check({ other: { total: grad(turns)(tensor(1, float64)) } })
})

seedCase('s004-n-fold-composition', (subject) => {
  const { x } = subject.leaves()
  const stages: ((x: Tensor) => Tensor)[] = [(x) => x.square(), (x) => x.sin(), (x) => x.exp(), (x) => x.tanh()]
  const values = stages.map((_, i) => stages.slice(0, i + 1).reduce((value, f) => f(value), x))
  const operands = [x, ...values].slice(0, -1)
  // forward mode carries the tangent of x along, reverse mode the cotangent of the result back
  const [forwardPartial, reversePartial]: Tensor[][] = [[], []]
  for (const [i, at] of operands.entries())
    forwardPartial.push(jvp(stages[i], [at], [forwardPartial.at(-1) ?? tensor(1, float64)])[1])
  for (const [i, at] of [...operands.entries()].reverse())
    reversePartial.push(vjp(stages[i], at)[1](reversePartial.at(-1) ?? tensor(1, float64))[0])
  const [f1, f2, f3, f4] = values
  subject.check({
    forward: { f1, f2, f3, f4 },
    gradients: gradientsOf(f4, { x }),
    other: {
      factorsOutputToInput: operands.map((at, i) => grad(stages[i])(at)).reverse(),
      forwardPartial,
      reversePartial,
    },
  })
})

/** g: R² → R³ and f: R³ → R² of the article, and their composition. */
function g(x: Tensor): Tensor {
  const [x1, x2] = x.unbind()
  return stack([x1.square(), x1.mul(x2), x2.square()])
}
function f(u: Tensor): Tensor {
  const [u1, u2, u3] = u.unbind()
  return stack([u1.sin().add(u2), u2.mul(u3)])
}
const h = (x: Tensor): Tensor => f(g(x))

seedCase('s004-jacobian-composition', (subject) => {
  const { x } = subject.leaves()
  const epsilon = subject.number('epsilon')
  const u = g(x)
  const [J_g, J_f, J_h] = [jacobian(g)(x), jacobian(f)(u), jacobian(h)(x)]
  const product = J_f.matmul(J_g)
  expect(product.sub(J_h).abs().max().item()).toBeLessThan(1e-15)
  // the entries by their formulas
  const [[x1, x2], [u1, u2, u3]] = [x, u].map((v) => [...v.data])
  const formulas: Record<string, number> = {
    '0': 0,
    '1': 1,
    '2*x1': 2 * x1,
    x2,
    x1,
    '2*x2': 2 * x2,
    'cos(u1)': Math.cos(u1),
    u2,
    u3,
  }
  const { formulas: written } = subject.data.expected.other as { formulas: Record<'J_g' | 'J_f', string[][]> }
  for (const [J, rows] of [
    [J_g, written.J_g],
    [J_f, written.J_f],
  ] as const)
    expect(J.toArray()).toEqual(rows.map((row) => row.map((entry) => formulas[entry])))

  const columns = [
    ...tensor(
      [
        [epsilon, 0],
        [0, epsilon],
      ],
      float64,
    ),
  ].map((d) =>
    h(x.add(d))
      .sub(h(x.sub(d)))
      .div(2 * epsilon),
  )
  const apart = stack(columns, 1).sub(J_h).abs().max().item()
  expect(apart).toBeLessThan(1e-6)
  subject.check(
    {
      forward: { g: u, h: h(x) },
      other: { J_g, J_f, J_h: product, shapes: { J_g: J_g.shape, J_f: J_f.shape, J_h: J_h.shape } },
    },
    ['other.formulas', 'other.maxDifferenceUpperBound'],
  )
})

seedCase('s004-jvp-vjp', (subject) => {
  const { x, tangents, cotangents } = subject.leaves()
  const [value, pullback] = vjp(h, x)
  subject.check({
    forward: { h: value },
    other: {
      J_h: jacrev(h)(x),
      jvp: [...tangents].map((v) => jvp(h, [x], [v])[1]),
      vjp: [...cotangents].map((u) => pullback(u)[0]),
    },
  })
})

seedCase('s004-gradient-transpose', (subject) => {
  const { x } = subject.leaves()
  const u = g(x)
  const value = f(u)
  const L = value.at(0).square().add(value.at(1).mul(3))
  const found = gradientsOf(L, { h: value, u, x })
  // the gradient further back is the transposed Jacobian times the later one
  const back = (J: Tensor, later: Tensor) => J.T.matmul(later)
  for (const [wanted, got] of [
    [found.u, back(jacobian(f)(u), found.h)],
    [found.x, back(jacobian(g)(x), found.u)],
  ])
    expect(got.sub(wanted).abs().max().item()).toBeLessThan(1e-13)
  subject.check({ forward: { h: value, L }, gradients: found })
})

seedCase('s004-linear-approximation', (subject) => {
  const { x, delta } = subject.leaves()
  const [value, slope] = jvp(h, [x], [delta])
  const error = (share: number) => h(x.add(delta.mul(share))).sub(value.add(slope.mul(share)))
  const linear = value.add(slope)
  subject.check(
    {
      forward: { h: value, h_shifted: h(x.add(delta)) },
      other: { linear, error: error(1), errorHalfStep: error(0.5) },
    },
    ['other.error', 'other.errorHalfStep'],
  )
  const wanted = subject.data.expected.other as Record<'error' | 'errorHalfStep', number[]>
  for (const [share, numbers] of [
    [1, wanted.error],
    [0.5, wanted.errorHalfStep],
  ] as const)
    numbers.forEach((number, i) => {
      // a difference of numbers near 8, each rounded to 16 digits
      expect(Math.abs(error(share).at(i).item() - number)).toBeLessThan(1e-14)
    })
  expect(error(1).norm().div(error(0.5).norm()).item()).toBeCloseTo(4, 2)
})

/** A neuron and its squared error, as in the article's `ComputationalGraph`. */
function neuron({ x1, x2, w1, w2, t }: Record<string, Tensor>) {
  const z1 = w1.mul(x1)
  const z2 = w2.mul(x2)
  const z = z1.add(z2)
  const y = z.sigmoid()
  return { z1, z2, z, y, L: y.sub(t).square() }
}

seedCase('s004-sigmoid-graph', (subject) => {
  const leaves = subject.leaves()
  const { x1, x2, w1, w2 } = leaves
  const values = neuron(leaves)
  const { z1, z2, z, y, L } = values
  subject.checkGraph(L)
  const adjoints = gradientsOf(L, values)
  const found = gradientsOf(L, { x1, x2, w1, w2 })
  const of = (y: Tensor, x: Tensor) => gradients(y, [x], { retainGraph: true })[0]!
  subject.check({
    forward: values,
    gradients: found,
    other: {
      adjoints,
      local: {
        dL_dy: adjoints.y,
        dy_dz: of(y, z),
        dz_dz1: of(z, z1),
        dz_dz2: of(z, z2),
        dz1_dw1: of(z1, w1),
        dz1_dx1: of(z1, x1),
        dz2_dw2: of(z2, w2),
        dz2_dx2: of(z2, x2),
      },
    },
  })
  const eps = subject.number('eps')
  for (const [name, leaf] of Object.entries({ x1, x2, w1, w2 })) {
    const at = (move: number) => neuron({ ...leaves, [name]: leaf.add(move) }).L.item()
    expect(Math.abs((at(eps) - at(-eps)) / (2 * eps) - found[name].item()), name).toBeLessThan(1e-10)
  }
})

seedCase('s004-sigmoid-graph-other-w2', (subject) => {
  const leaves = subject.leaves()
  const { x1, x2, w1, w2 } = leaves
  const values = neuron(leaves)
  const found = gradientsOf(values.L, { x1, x2, w1, w2 })
  const stale = -0.2 // the w2 of the article's module, which its backward() reads
  const { dz2 } = gradientsOf(values.L, { dz2: values.z2 })
  subject.check({ forward: values, gradients: found, other: { buggy_dL_dx2: dz2.mul(stale) } })
  expect(found.x2.item()).not.toBeCloseTo(dz2.mul(stale).item(), 4)
})

seedCase('s004-fan-out', (subject) => {
  const { x } = subject.leaves()
  const u = x.square()
  const v = x.sin()
  const L = u.mul(v).add(x)
  const adjoints = gradientsOf(L, { u, v })
  const slope = (y: Tensor) => gradients(y, [x], { retainGraph: true })[0]!
  const perPath = [adjoints.u.mul(slope(u)), adjoints.v.mul(slope(v)), tensor(1, float64)]
  const found = gradientsOf(L, { x })
  expect(near(stack(perPath).sum().item(), found.x.item())).toBe(true)
  for (const path of perPath) expect(near(path.item(), found.x.item())).toBe(false)
  subject.check({ forward: { u, v, L }, gradients: found, other: { adjoints, perPath } }, ['other.wrongIfOverwritten'])
})

seedCase('s004-fan-out-same-operand', (subject) => {
  const { x } = subject.leaves()
  const y = x.mul(x).add(x)
  subject.check({ forward: { y }, gradients: gradientsOf(y, { x }) })
})

seedCase('s004-affine-backward', (subject) => {
  const { X, W, b, dY } = subject.leaves()
  const affine = defineFunction({
    name: 'affine',
    forward(ctx, X: Tensor, W: Tensor, b: Tensor) {
      ctx.saveForBackward(X, W, b)
      return X.matmul(W).add(b)
    },
    backward(ctx, dY: Tensor) {
      const [X, W, b] = ctx.savedTensors
      return [dY.matmul(W.T), X.T.matmul(dY), dY.sum(0).reshape(b.shape)]
    },
  })
  const upstream = { gradOutputs: dY.detach() }
  for (const shape of [[4], [1, 4]]) {
    const byHand = gradients(affine(X, W, b.reshape(shape)), [X, W, b], upstream)
    const builtIn = gradients(X.matmul(W).add(b.reshape(shape)), [X, W, b], upstream)
    expect(byHand.map((g) => g!.toArray())).toEqual(builtIn.map((g) => g!.toArray()))
  }
  const Y = affine(X, W, b)
  const [dX, dW, db] = gradients(Y, [X, W, b], upstream)
  const [N, D, M] = [...X.shape, W.shape[1]]
  const letters = new Map([
    [N, 'N'],
    [D, 'D'],
    [M, 'M'],
  ])
  const shape = (x: Tensor) => x.shape.map((n) => letters.get(n)!)
  subject.check({
    forward: { Y },
    gradients: { dX: dX!, dW: dW!, db: db! },
    other: { shapes: { X: shape(X), W: shape(W), b: shape(b), Y: shape(Y) }, N, D, M },
  })
})
