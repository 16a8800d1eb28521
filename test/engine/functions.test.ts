/** Functions with derivatives of their own, checkpoints and anomalies. */
import { describe, expect, it } from 'vitest'
import {
  AnomalyError,
  checkpoint,
  defineFunction,
  detectAnomaly,
  dropout,
  Generator,
  grad,
  gradients,
  hessian,
  jvp,
  manualSeed,
  noGrad,
  rand,
  type Tensor,
  tensor,
  vmap,
} from '../../src/index.ts'

const leaf = (v: number | number[]) => tensor(v, { requiresGrad: true, dtype: 'float64' })

const cube = defineFunction({
  name: 'cube',
  forward: (ctx, x: Tensor) => {
    ctx.saveForBackward(x)
    return x.pow(3)
  },
  backward: (ctx, g) => {
    const [x] = ctx.savedTensors
    return g.mul(x.square()).mul(3)
  },
})

describe('defineFunction', () => {
  it('is differentiated by its own rule, to any order and in every mode', () => {
    const x = leaf([1, 2])
    cube(x).sum().backward()
    expect(x.grad!.toArray()).toEqual([3, 12])
    expect(grad(grad(cube))(tensor(2)).item()).toBe(12)
    expect(jvp(cube, [tensor(2)], [tensor(1)])[1].item()).toBe(12)
    expect(hessian((y: Tensor) => cube(y).sum())(tensor([1, 2])).toArray()).toEqual([
      [6, 0],
      [0, 12],
    ])
    expect(vmap(grad(cube))(tensor([1, 2, 3])).toArray()).toEqual([3, 12, 27])
    const y = leaf(2)
    const [g] = gradients(cube(y), y, { createGraph: true })
    expect(gradients(g, y)[0].item()).toBe(12)
  })

  it('refuses too few and misshapen gradients', () => {
    const few = defineFunction({ name: 'few', forward: (_, a: Tensor, b: Tensor) => a.add(b), backward: (_, g) => [g] })
    expect(() => few(leaf(1), leaf(2)).backward()).toThrow(/few: backward returned 1 gradients for 2 arguments/)
    const bent = defineFunction({ name: 'bent', forward: (_, a: Tensor) => a.mul(2), backward: (_, g) => g.sum() })
    expect(() => bent(leaf([1, 2])).backward(tensor([1, 1], { dtype: 'float64' }))).toThrow(
      /bent: backward returned a gradient \[\] for argument 0 of shape \[2\]/,
    )
  })

  it('passes plain arguments and own properties through', () => {
    const scale = defineFunction({
      name: 'scale',
      forward: (ctx, x: Tensor, by: number) => {
        ctx.by = by
        return x.mul(by)
      },
      backward: (ctx, g) => [g.mul(ctx.by as number), null],
    })
    const x = leaf(2)
    scale(x, 5).backward()
    expect(x.grad!.item()).toBe(5)
  })

  it('knows which gradients are wanted and which outputs carry none', () => {
    let needs: readonly boolean[] = []
    const both = defineFunction({
      name: 'both',
      forward: (ctx, a: Tensor, b: Tensor) => {
        const flag = a.gt(b).toFloat32()
        ctx.markNonDifferentiable(flag)
        return [a.mul(b), flag]
      },
      backward: (ctx, g) => {
        needs = ctx.needsInputGrad
        return [g, null]
      },
    })
    const [y, flag] = both(leaf(1), tensor(2))
    expect(flag.requiresGrad).toBe(false)
    y.backward()
    expect(needs).toEqual([true, false])
  })

  it('refuses second derivatives through a saved result in between', () => {
    const f = defineFunction({
      name: 'lossy',
      forward: (ctx, x: Tensor) => {
        const e = x.exp()
        ctx.saveForBackward(e)
        return e.add(1)
      },
      backward: (ctx, g) => g.mul(ctx.savedTensors[0]),
    })
    expect(grad(f)(tensor(1)).item()).toBeCloseTo(Math.E, 5)
    expect(() => grad(grad(f))(tensor(1))).toThrow(/lossy: a saved tensor is neither an input nor an output/)
  })
})

describe('what forward leaves behind', () => {
  it('is refused where one value does not stand for every sample', () => {
    const f = defineFunction({
      name: 'centred',
      forward: (ctx, x: Tensor) => {
        ctx.mean = x.mean().item()
        return x.mul(ctx.mean as number)
      },
      backward: (ctx, g) => g.mul(ctx.mean as number),
    })
    expect(grad((x: Tensor) => f(x).sum())(tensor([1, 3])).toArray()).toEqual([2, 2])
    expect(() =>
      vmap(grad((x: Tensor) => f(x).sum()))(
        tensor([
          [1, 1],
          [5, 5],
        ]),
      ),
    ).toThrow(/ctx.mean is neither/)
  })

  it('is refused as a tensor where it would be differentiated', () => {
    const f = defineFunction({
      name: 'kept',
      forward: (ctx, x: Tensor) => {
        ctx.x = x
        return x.square()
      },
      backward: (ctx, g) => g.mul(ctx.x as Tensor).mul(2),
    })
    expect(grad(f)(tensor(3)).item()).toBe(6)
    expect(() => hessian(f)(tensor(3))).toThrow(/ctx.x is neither/)
    const x = leaf(3)
    expect(() => gradients(f(x), x, { createGraph: true })).toThrow(/ctx.x is neither/)
  })

  it('cannot reach the caller through a change in place', () => {
    const f = defineFunction({
      name: 'spoil',
      forward: (_, x: Tensor) => x.mul_(2).mul(1),
      backward: (_, g) => g.mul(2),
    })
    const x = leaf([1, 2])
    expect(f(x).toArray()).toEqual([2, 4])
    expect(x.toArray()).toEqual([1, 2])
  })
})

describe('checkpoint', () => {
  it('nests', () => {
    const w = leaf([1, 3])
    const y = checkpoint((x: Tensor) => checkpoint((z: Tensor) => z.mul(2).sin(), x).mul(x), w)
    const plain = w.mul(2).sin().mul(w)
    const [a, b] = [gradients(y.sum(), w)[0], gradients(plain.sum(), w)[0]]
    expect(a.toArray()).toEqual(b.toArray())
    const twice = (x: Tensor) => checkpoint((u: Tensor) => checkpoint((z: Tensor) => z.sin(), u).square(), x)
    expect(grad(grad(twice))(tensor(0.3, { dtype: 'float64' })).item()).toBeCloseTo(2 * Math.cos(0.6), 12)
  })

  it('repeats every generator it drew from, under vmap as well', () => {
    const own = new Generator(1)
    const x = tensor([1, 1, 1, 1, 1, 1, 1, 1], { requiresGrad: true })
    const y = checkpoint((q: Tensor) => dropout(q, 0.5, { generator: own }).square(), x)
    const kept = y.toArray() as number[]
    y.sum().backward()
    expect(x.grad!.toArray()).toEqual(kept.map((v) => 2 * v))
    const rows = leaf([1, 2])
    const each = vmap((r: Tensor) => checkpoint((q: Tensor) => q.mul(rand([])).exp(), r), { randomness: 'different' })
    manualSeed(3)
    const made = each(rows)
    made.sum().backward()
    manualSeed(3)
    const plain = vmap((r: Tensor) => r.mul(rand([])).exp(), { randomness: 'different' })
    expect(rows.grad!.toArray()).toEqual(gradients(plain(rows).sum(), rows)[0].toArray())
  })

  it('runs a backward of its own inside', () => {
    const f = (q: Tensor) => {
      const h = q.detach().clone()
      h.requiresGrad = true
      h.pow(3).sum().backward()
      return q.mul(h.grad!)
    }
    const x = leaf([1, 2])
    expect(gradients(checkpoint(f, x).sum(), x)[0].toArray()).toEqual([3, 12])
  })

  it('notices that what it read has changed', () => {
    const w = leaf([1, 2])
    const y = checkpoint((x: Tensor) => x.mul(2).sin(), w)
    noGrad(() => w.mul_(0))
    expect(() => gradients(y.sum(), w)).toThrow(/checkpoint: mul_ changed a tensor in place/)
  })

  it('allows changes in place inside, and runs where nothing is recorded outside', () => {
    const w = leaf([1, 2])
    const f = (x: Tensor) => {
      const h = x.mul(2)
      h.mul_(x)
      return h.sin()
    }
    expect(gradients(checkpoint(f, w).sum(), w)[0].toArray()).toEqual(gradients(f(w).sum(), w)[0].toArray())
    const inside = noGrad(() => grad((x: Tensor) => checkpoint((z: Tensor) => z.mul(w).exp().sum(), x))(tensor([0, 0])))
    expect(inside.toArray()).toEqual([1, 2])
  })

  const f = (x: Tensor, w: Tensor) =>
    x
      .mul(w)
      .sin()
      .exp()
      .mul(rand([2], { dtype: 'float64' }))
      .sum()

  it('gives the same numbers, random ones included', () => {
    const once = (wrap: boolean) => {
      const [x, w] = [leaf([1, 2]), leaf([3, 4])]
      manualSeed(7)
      const y = wrap ? checkpoint(f, x, w) : f(x, w)
      const after = rand([1]).item()
      y.backward()
      return [y.item(), x.grad!.toArray(), w.grad!.toArray(), after, rand([1]).item()]
    }
    expect(once(true)).toEqual(once(false))
  })

  it('drops what lies between and reaches parameters that the function closes over', () => {
    const w = leaf([3, 4])
    const x = leaf([1, 2])
    const y = checkpoint((a: Tensor) => a.mul(w).exp().sum(), x)
    const exp = y.gradFn!.inputs![0] as Tensor
    expect(exp.storage.buffer.length).toBe(0)
    y.backward()
    expect(w.grad!.toArray()).toEqual([1 * Math.exp(3), 2 * Math.exp(8)])
  })

  it('composes with second derivatives and transforms', () => {
    const g = (x: Tensor) => checkpoint((a: Tensor) => a.pow(3).mul(2), x)
    const x = leaf(2)
    const [first] = gradients(g(x), x, { createGraph: true })
    expect(gradients(first, x)[0].item()).toBe(24)
    expect(grad(grad(g))(tensor(2)).item()).toBe(24)
    expect(vmap(grad(g))(tensor([1, 2])).toArray()).toEqual([6, 24])
  })

  it('says so when the function does something else the second time', () => {
    let calls = 0
    const x = leaf(1)
    const y = checkpoint((a: Tensor) => (calls++ === 0 ? a.exp().sin() : a.exp()), x)
    expect(() => y.backward()).toThrow(/did something else/)
  })
})

describe('detectAnomaly', () => {
  it('names the first op of the forward pass that went wrong, and its line', () => {
    const x = leaf([1, 0])
    expect(() => detectAnomaly(() => x.mul(2).log().sum())).toThrow(
      /log: the result \[2\] is -Infinity at flat index 1.*functions\.test\.ts:\d+/,
    )
  })

  it('names the op of the backward pass and where it was called', () => {
    const x = leaf([4, 0])
    expect(() => detectAnomaly(() => x.sqrt().sum().backward())).toThrow(AnomalyError)
    expect(() => detectAnomaly(() => x.sqrt().sum().backward())).toThrow(
      /backward of sqrt: the gradient of operand 0.*functions\.test\.ts:\d+/,
    )
    expect(x.grad).toBeNull()
  })

  it('is silent on healthy programs', () => {
    expect(detectAnomaly(() => leaf(4).sqrt()).item()).toBe(2)
  })
})
