/** Transforms of functions: nesting, containers, per-sample gradients, deep programs. */
import { describe, expect, it } from 'vitest'
import {
  grad,
  gradients,
  hessian,
  hvp,
  jacfwd,
  jacobian,
  jacrev,
  jvp,
  manualSeed,
  noGrad,
  rand,
  randn,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
} from '../../src/index.ts'

const f64 = (v: number | number[] | number[][]) => tensor(v, { dtype: 'float64' })

describe('grad', () => {
  it('works on nested containers and chosen arguments', () => {
    const loss = (p: { w: Tensor; b: [Tensor] }, x: Tensor) => p.w.mul(x).add(p.b[0]).square()
    const g = grad(loss)({ w: f64(2), b: [f64(1)] }, f64(3))
    expect([g.w.item(), g.b[0].item()]).toEqual([42, 14])
    const [a, b] = grad((x: Tensor, y: Tensor) => x.mul(y), [0, 1])(f64(2), f64(5))
    expect([a.item(), b.item()]).toEqual([5, 2])
    expect(valueAndGrad((x: Tensor) => x.square())(f64(3)).map((t) => t.item())).toEqual([9, 6])
  })

  it('does not confuse perturbations of nested levels', () => {
    const inner = (x: Tensor) => grad((y: Tensor) => x.add(y))(x)
    expect(grad((x: Tensor) => x.mul(inner(x)))(f64(3)).item()).toBe(1)
    expect(grad((x: Tensor) => x.mul(jvp((y) => x.mul(y), [f64(2)], [f64(1)])[1]))(f64(3)).item()).toBe(6)
    expect(jvp((x: Tensor) => x.mul(grad((y: Tensor) => x.mul(y))(f64(2))), [f64(3)], [f64(1)])[1].item()).toBe(6)
  })

  it('lets outer tapes see what inner ones computed', () => {
    const w = tensor(2, { requiresGrad: true, dtype: 'float64' })
    grad((x: Tensor) => x.pow(3).mul(w))(f64(2)).backward()
    expect(w.grad!.item()).toBe(12)
    const x = tensor(2, { requiresGrad: true, dtype: 'float64' })
    grad((y: Tensor) => y.pow(3))(x).backward()
    expect(x.grad!.item()).toBe(12)
  })

  it('gives zeros where nothing depends, and refuses what has no gradient', () => {
    expect(grad((_: Tensor) => f64(1))(f64(2)).item()).toBe(0)
    expect(() => grad((x: Tensor) => x)(f64([1, 2]))).toThrow(/must return a scalar, it returned \[2\]/)
    expect(() => grad((x: Tensor) => x.sum())(tensor([1], { dtype: 'int32' }))).toThrow(/int32 has no gradient/)
    expect(() => grad((x: Tensor) => x, 2)(f64(1))).toThrow(/argument 2/)
    expect(() => grad((async (x: Tensor) => x) as never)(f64(1) as never)).toThrow(/promise|must return/)
  })
})

describe('vjp, jvp, Jacobians', () => {
  const f = (x: Tensor) => x.sin().mul(x.sum())
  const x = f64([0.3, -1.2, 2])

  it('agree with each other', () => {
    const [rev, fwd] = [jacrev(f)(x).toArray(), jacfwd(f)(x).toArray()] as number[][][]
    for (const [i, v] of rev.flat().entries()) expect(v).toBeCloseTo(fwd.flat()[i], 13)
    const t = f64([1, 2, 3])
    const [, moved] = jvp(f, [x], [t])
    const [, pull] = vjp(f, x)
    const u = f64([0.5, -1, 1])
    expect(moved.mul(u).sum().item()).toBeCloseTo(pull(u)[0].mul(t).sum().item(), 13)
  })

  it('pull back any number of times', () => {
    const [, pull] = vjp((a: Tensor, b: Tensor) => ({ p: a.mul(b), s: [a.add(b)] }), f64(2), f64(3))
    for (let i = 0; i < 2; i++) expect(pull({ p: f64(1), s: [f64(10)] }).map((g) => g.item())).toEqual([13, 12])
  })

  it('nest outputs in inputs', () => {
    const J = jacrev((p: { a: Tensor; b: Tensor }) => [p.a.mul(p.b), p.a.sum()])({
      a: f64([1, 2]),
      b: f64(3),
    }) as never as [{ a: Tensor; b: Tensor }, { a: Tensor; b: Tensor }]
    expect(J[0].a.toArray()).toEqual([
      [3, 0],
      [0, 3],
    ])
    expect(J[0].b.toArray()).toEqual([1, 2])
    expect(J[1].a.toArray()).toEqual([1, 1])
    expect(jacobian((y: Tensor) => y.square().sum())(f64([1, 2])).toArray()).toEqual([2, 4])
  })

  it('make a Hessian in either order, and its product with a vector', () => {
    const g = (y: Tensor) => y.pow(3).sum().mul(y.sum())
    const point = f64([1, 2])
    const H = hessian(g)(point).toArray()
    expect(jacrev(jacrev(g))(point).toArray()).toEqual(H)
    expect(jacfwd(jacfwd(g))(point).toArray()).toEqual(H)
    const v = f64([1, -1])
    const [hv] = hvp(g, [point], [v])
    expect(hv.toArray()).toEqual((H as number[][]).map(([a, b]) => a - b))
  })

  it('refuse misshapen tangents and cotangents', () => {
    expect(() => jvp((y) => y, [f64([1, 2])], [f64(1)])).toThrow(/tangent \[\] does not fit the primal \[2\]/)
    expect(() => vjp((y: Tensor) => y, f64([1, 2]))[1](f64(1))).toThrow(/cotangent \[\] does not fit the output \[2\]/)
  })
})

describe('vmap', () => {
  it('gives per-sample gradients', () => {
    const w = f64([1, -2])
    const loss = (p: Tensor, x: Tensor) => p.mul(x).sum().square()
    const xs = f64([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    const each = vmap(grad(loss), { inAxes: [null, 0] })(w, xs).toArray() as number[][]
    const one = (i: number) => grad(loss)(w, f64((xs.toArray() as number[][])[i])).toArray()
    for (const [i, row] of each.entries()) expect(row).toEqual(one(i))
  })

  it('maps other dimensions in and out, and nests', () => {
    const xs = f64([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(vmap((x: Tensor) => x.sum(), { inAxes: 1 })(xs).toArray()).toEqual([5, 7, 9])
    expect(vmap((x: Tensor) => x.mul(2), { outAxes: 1 })(xs).shape).toEqual([3, 2])
    expect(vmap(vmap((x: Tensor) => x.square()))(xs).toArray()).toEqual([
      [1, 4, 9],
      [16, 25, 36],
    ])
    expect(
      vmap((x: Tensor, y: Tensor) => x.mul(y), { inAxes: [0, null] })(f64([1, 2]), f64([[1, 2]])).toArray(),
    ).toEqual([[[1, 2]], [[2, 4]]])
  })

  it('returns what does not depend on the sample once per sample', () => {
    expect(vmap((_: Tensor) => f64(7))(f64([1, 2])).toArray()).toEqual([7, 7])
  })

  it('asks what random numbers are to be', () => {
    const xs = f64([0, 0, 0])
    expect(() => vmap((x: Tensor) => x.add(rand([])))(xs)).toThrow(/randomness/)
    manualSeed(1)
    const same = vmap((x: Tensor) => x.add(randn([])), { randomness: 'same' })(xs).toArray() as number[]
    expect(new Set(same).size).toBe(1)
    const different = vmap((x: Tensor) => x.add(randn([])), { randomness: 'different' })(xs).toArray() as number[]
    expect(new Set(different).size).toBe(3)
  })

  it('has no values to read', () => {
    expect(() => vmap((x: Tensor) => f64(x.item()))(f64([1, 2]))).toThrow(/values cannot be read/)
    expect(() => vmap((x: Tensor) => x)(f64(1))).toThrow(/no dimension to map over/)
    expect(() => vmap((a: Tensor, b: Tensor) => a.add(b))(f64([1, 2]), f64([1, 2, 3]))).toThrow(
      /differ in batch size: 2, 3/,
    )
  })
})

describe('deep programs', () => {
  it('walk 100,000 operations without recursion', () => {
    const x = tensor(1, { requiresGrad: true, dtype: 'float64' })
    let y = x
    for (let i = 0; i < 100_000; i++) y = y.mul(1.00001)
    y.backward()
    expect(x.grad!.item()).toBeCloseTo(y.item(), 10)
  })

  it('count 2^100 paths without walking them', () => {
    const x = tensor(1, { requiresGrad: true, dtype: 'float64' })
    let y = x
    for (let i = 0; i < 100; i++) y = y.add(y)
    y.backward()
    expect(x.grad!.item()).toBe(2 ** 100)
  })

  it('take sixth derivatives in mixed modes', () => {
    const g = (x: Tensor) => x.exp().mul(x.pow(3))
    const nested = jacfwd(jacrev(jacfwd(grad(jacrev(jacfwd(g))))))
    // (x^3 e^x)^(6) = (x^3 + 18 x^2 + 90 x + 120) e^x
    expect(nested(f64(0.5)).item()).toBeCloseTo((0.125 + 4.5 + 45 + 120) * Math.exp(0.5), 9)
  })
})

describe('detach', () => {
  it('stops every level and mode, and keeps the batch', () => {
    const f = (x: Tensor) => x.detach().mul(x).mul(x)
    expect(grad(grad(f))(f64(3)).item()).toBe(6)
    expect(
      jvp(
        grad((x: Tensor) => x.detach().pow(2).mul(x)),
        [f64(3)],
        [f64(1)],
      )[1].item(),
    ).toBe(0)
    expect(vmap(grad(f))(f64([1, 2])).toArray()).toEqual([2, 8])
  })
})

describe('nesting and zeros', () => {
  it('match containers by key, not by order', () => {
    const x = f64([1, 2])
    const f = (o: { a: Tensor; b: Tensor }) => o.a.mul(3).add(o.b)
    expect(jvp(f, [{ a: x, b: x }], [{ b: x, a: x.mul(0) }])[1].toArray()).toEqual([1, 2])
    const [, pull] = vjp((a: Tensor) => ({ u: a, v: a.mul(2) }), x)
    expect(pull({ v: x, u: x.mul(0) })[0].toArray()).toEqual([2, 4])
    expect(() => jvp(f, [{ a: x, b: x }], [{ a: x }] as never)).toThrow(/an entry at '0.b' is missing/)
    const loop: unknown[] = [x]
    loop.push(loop)
    expect(() => grad((_: unknown) => x)(loop as never)).toThrow(/contains itself/)
  })

  it('leave blocks alone that other outputs or inputs make infinite', () => {
    const x = f64([0, 4])
    const [square] = jacrev((y: Tensor) => [y.square(), y.sqrt()])(x)
    expect(square.toArray()).toEqual([
      [0, 0],
      [0, 8],
    ])
    const [, b] = jacfwd((y: Tensor, z: Tensor) => y.sqrt().add(z.mul(3)), [0, 1])(x, f64([1, 2]))
    expect(b.toArray()).toEqual([
      [3, 0],
      [0, 3],
    ])
  })

  it('refuse what would lose a gradient', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    const lost = (a: Tensor) => {
      w.mul(a).sum().backward()
      return a.sum()
    }
    expect(() => grad(lost)(tensor([1, 2]))).toThrow(/no .grad to accumulate/)
    expect(() => grad((x: Tensor, y: Tensor) => x.mul(y), [0, 0])(f64(1), f64(2))).toThrow(/names an argument twice/)
    expect(() => gradients([], [])).toThrow(/no outputs/)
    expect(() => vmap((a: Tensor, b: Tensor) => a.add(b), { inAxes: [0] })(w, w)).toThrow(/1 entries for 2 arguments/)
  })

  it('keep noGrad in both modes', () => {
    const f = (a: Tensor) => noGrad(() => a.square()).add(a)
    expect([jacrev(f)(f64([3])).item(), jacfwd(f)(f64([3])).item()]).toEqual([1, 1])
  })
})
