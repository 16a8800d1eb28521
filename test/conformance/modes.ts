/** What must hold of the derivatives of any function, whatever it is made of. */
import { expect } from 'vitest'
import { checkGradients, grad, gradients, hvp, jvp, vjp, vmap } from '../../src/autodiff/index.ts'
import { isFloating } from '../../src/ops/dtype.ts'
import { add, mul } from '../../src/ops/elementwise/index.ts'
import { sum } from '../../src/ops/reduce/sum.ts'
import { cat } from '../../src/ops/routine/cat.ts'
import { reshape } from '../../src/ops/view/reshape.ts'
import { ranges, slice } from '../../src/ops/view/slice.ts'
import { type Generator, type Tensor, tensor } from '../../src/tensor/index.ts'
import { dot, draw, expectNear, expectShape, floatsOf, leavesOf } from './tools.ts'

export type Fn = (...xs: Tensor[]) => unknown

/** Some operands as the variables, the others (integers, flags) closed over. */
export function overFloats(f: Fn, operands: readonly Tensor[]): { of: Tensor[]; f: (...xs: Tensor[]) => Tensor[] } {
  const places = operands.flatMap((x, i) => (isFloating(x.dtype) ? [i] : []))
  const full = (xs: readonly Tensor[]) => operands.map((x, i) => (places.includes(i) ? xs[places.indexOf(i)] : x))
  return { of: places.map((i) => operands[i]), f: (...xs) => floatsOf(f(...full(xs))) }
}

const like = (xs: readonly Tensor[], generator: Generator) => xs.map((x) => draw(x.shape, x.dtype, generator))

/** <w, J v> = <Jᵀ w, v>, and the value that either mode hands on is that of the function. */
export function expectAdjoint(f: (...xs: Tensor[]) => Tensor[], xs: readonly Tensor[], generator: Generator): void {
  const vs = like(xs, generator)
  const [y, moved] = jvp(f, [...xs], [...vs])
  const [value, pull] = vjp(f, ...xs)
  const ws = like(value, generator)
  const pulled = pull(ws)
  const [forward, backward] = [dot(ws, moved), dot(pulled, vs)]
  const tolerance = [...xs, ...y].some((t) => t.dtype === 'float32') ? 1e-5 : 1e-12
  const near = Math.abs(forward.sum - backward.sum) <= tolerance * (1 + forward.size + backward.size)
  expect(near, `<w, Jv> is ${forward.sum}, <J'w, v> is ${backward.sum}`).toBe(true)
  f(...xs).forEach((plain, k) => {
    expectNear(y[k], plain.data, 0, 'the value of jvp')
    expectNear(value[k], plain.data, 0, 'the value of vjp')
  })
  for (const [k, g] of pulled.entries()) expectShape(g, xs[k].shape, xs[k].dtype, `the gradient of operand ${k}`)
  for (const [k, t] of moved.entries()) expectShape(t, y[k].shape, y[k].dtype, `the tangent of output ${k}`)
}

/** `backward` over the tape gives what `vjp` gives. */
export function expectSameTape(f: (...xs: Tensor[]) => Tensor[], xs: readonly Tensor[], generator: Generator): void {
  const leaves = xs.map((x) => tensor(x, { requiresGrad: true }))
  const ys = f(...leaves)
  const ws = like(ys, generator)
  const reached = ys.map((y, k) => ({ y, w: ws[k] })).filter(({ y }) => y.requiresGrad)
  if (reached.length === 0) return
  const found = gradients(
    reached.map(({ y }) => y),
    leaves,
    { gradOutputs: reached.map(({ w }) => w), allowUnused: true },
  )
  const pulled = vjp(f, ...xs)[1](ws)
  for (const [k, g] of found.entries()) {
    expectNear(pulled[k], g ? g.data : new Float64Array(xs[k].size), 1e-13, `the gradient of operand ${k}`)
  }
}

/** First and second derivatives against central differences. */
export function expectDifferences(f: (...xs: Tensor[]) => unknown, xs: readonly Tensor[], order = 2): void {
  const report = checkGradients(
    f,
    xs.map((x) => tensor(x)),
    { order, atol: 1e-7, rtol: 1e-6, throws: true },
  )
  expect(
    report.inputs.reduce((n, { kinks }) => n + kinks, 0),
    'kinks at ordinary points',
  ).toBe(0)
}

/** The Hessian times a vector by forward mode over reverse mode and by reverse mode over itself. */
export function expectSameHessian(f: (...xs: Tensor[]) => Tensor[], xs: readonly Tensor[], generator: Generator): void {
  const ws = like(f(...xs), generator)
  const loss = (...at: Tensor[]): Tensor =>
    f(...at)
      .map((y, k) => sum(mul(y, ws[k])))
      .reduce((a, b) => add(a, b))
  const vs = like(xs, generator)
  const all = xs.map((_, i) => i)
  const along = (...at: Tensor[]): Tensor =>
    (grad(loss, all)(...at) as Tensor[]).map((g, k) => sum(mul(g, vs[k]))).reduce((a, b) => add(a, b))
  const forward = hvp(loss, [...xs], vs)
  const reverse = grad(along, all)(...xs) as Tensor[]
  for (const [k, h] of reverse.entries()) {
    expectNear(forward[k], h.data, 1e-11, `the Hessian of operand ${k} times a vector`)
  }
}

/** The gradients of a scalar, as numbers. */
export const gradientsOf = (y: Tensor, xs: readonly Tensor[]): number[] =>
  gradients(y, xs, { allowUnused: true }).map((g) => g?.item() ?? 0)

const BATCH = 3

/** vmap over a batch is the function applied to one sample after the other, for every choice of batched operands. */
export function expectSameBatch(f: Fn, make: () => Tensor[], tolerance = 1e-13): void {
  const samples = Array.from({ length: BATCH }, make)
  const count = samples[0].length
  const choices = [...new Set([2 ** count - 1, ...Array.from({ length: count }, (_, i) => 1 << i)])]
  for (const mask of choices) {
    const batched = (i: number) => (mask & (1 << i)) !== 0
    const args = samples[0].map((x, i) => (batched(i) ? stack(samples.map((s) => s[i])) : x))
    const mapped = leavesOf(vmap(f, { inAxes: args.map((_, i) => (batched(i) ? 0 : null)) })(...args))
    const rows = samples.map((s) => leavesOf(f(...s.map((x, i) => (batched(i) ? x : samples[0][i])))))
    for (const [k, y] of mapped.entries()) {
      const what = `vmap, operands ${mask.toString(2)}`
      expectShape(y, [BATCH, ...rows[0][k].shape], rows[0][k].dtype, what)
      for (const [b, r] of rows.entries()) expectNear(row(y, b), r[k].data, tolerance, `${what}, sample ${b}`)
    }
  }
}

const stack = (xs: readonly Tensor[]): Tensor =>
  cat(
    xs.map((x) => reshape(x, [1, ...x.shape])),
    0,
  )
const row = (x: Tensor, b: number): Tensor =>
  reshape(slice(x, ranges(x, { 0: { start: b, step: 1, size: 1 } })), x.shape.slice(1))

/** A call leaves its operands as they are, and hands out no memory of theirs unless it is a view. */
export function expectUntouched(f: Fn, xs: readonly Tensor[], isView: boolean): void {
  const before = xs.map((x) => [...x.data])
  const versions = xs.map((x) => x.version)
  const ys = leavesOf(f(...xs))
  xs.forEach((x, k) => {
    expect([...x.data], `operand ${k} after the call`).toEqual(before[k])
    expect(x.version).toBe(versions[k])
  })
  if (!isView)
    for (const y of ys)
      expect(
        xs.some((x) => x.storage === y.storage),
        'shares memory with an operand',
      ).toBe(false)
}
