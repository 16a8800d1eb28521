/** backward and gradients: accumulation, graphs kept and freed, cotangents, unused inputs. */
import { describe, expect, it } from 'vitest'
import { GradError, gradients, noGrad, ones, tensor, zeros } from '../../src/index.ts'

const leaf = (v: number | number[], name?: string) => tensor(v, { requiresGrad: true, name })

describe('backward', () => {
  it('accumulates over calls', () => {
    const x = leaf(3)
    x.square().backward()
    x.square().backward()
    expect(x.grad!.item()).toBe(12)
  })

  it('sums over every use of a tensor', () => {
    const x = leaf(3)
    x.mul(x).add(x).backward()
    expect(x.grad!.item()).toBe(7)
  })

  it('keeps contributions apart that share one cotangent', () => {
    const x = leaf(1)
    const [p, q] = [x.mul(2), x.mul(3)]
    const m = p.mul(5)
    const n = p.add(q)
    m.add(n.add(n).add(n).add(n)).backward()
    expect(x.grad!.item()).toBe(10 + 4 * 5)
  })

  it('sums constant and tracked contributions without losing the history of either', () => {
    const x = leaf(2)
    const y = x.pow(3).add(x.mul(2)).add(x.mul(3))
    const [g] = gradients(y, x, { createGraph: true })
    g.square().add(x.square()).backward()
    expect(x.grad!.item()).toBe(2 * 17 * 12 + 4)
  })

  it('gives nothing to a tensor that required no gradient when it was read', () => {
    const [x, w] = [tensor(3), leaf(2)]
    const y = x.mul(w)
    x.requiresGrad = true
    y.backward()
    expect([x.grad, w.grad!.item()]).toEqual([null, 3])
  })

  it('refuses a second walk over freed values and says how to keep them', () => {
    const x = leaf(2)
    const y = x.exp()
    y.backward()
    expect(() => y.backward()).toThrow(/retainGraph: true/)
    expect(x.grad!.item()).toBeCloseTo(Math.exp(2), 5)
  })

  it('keeps what lies below an intermediate target', () => {
    const x = tensor(3, { requiresGrad: true })
    const h = x.square()
    expect(gradients(h.sin(), [h])[0].item()).toBeCloseTo(Math.cos(9), 6)
    h.mul(2).backward()
    expect(x.grad?.item()).toBe(12)
  })

  it('walks again with retainGraph', () => {
    const x = leaf(2)
    const y = x.square()
    y.backward(null, { retainGraph: true })
    y.backward()
    expect(x.grad!.item()).toBe(8)
  })

  it('frees what ops saved', () => {
    const x = leaf([1, 2])
    const y = x.exp().sum()
    const node = y.gradFn!
    y.backward()
    expect(node.freed).toBe(true)
    expect(node.inputs).toBeNull()
  })

  it('differentiates derivatives with createGraph', () => {
    const x = leaf(3)
    x.pow(3).backward(null, { createGraph: true })
    const first = x.grad!
    expect(first.item()).toBe(27)
    x.grad = null
    first.backward()
    expect(x.grad!.item()).toBe(18)
  })

  it('asks for a gradient of the right shape where the tensor is no scalar', () => {
    const x = leaf([1, 2])
    const y = x.mul(2)
    expect(() => y.backward()).toThrow(/\[2\]; reduce it with sum\(\) or mean\(\)/)
    expect(() => y.backward(ones([3]))).toThrow(/gradient \[3\] must have the shape of the tensor, \[2\]/)
    y.backward(tensor([1, 10]))
    expect(x.grad!.toArray()).toEqual([2, 20])
  })

  it('says why there is nothing to differentiate', () => {
    expect(() => tensor(1).square().backward()).toThrow(GradError)
    const x = leaf(1)
    expect(() => noGrad(() => x.square()).backward()).toThrow(/inside noGrad/)
  })

  it('reaches only the inputs it was asked for', () => {
    const [a, b] = [leaf(2), leaf(3)]
    a.mul(b).backward(null, { inputs: [b] })
    expect(a.grad).toBeNull()
    expect(b.grad!.item()).toBe(2)
  })

  it('gives every leaf a gradient of its own', () => {
    const [a, b] = [leaf([1, 1]), leaf([2, 2])]
    const seed = tensor([1, 2])
    a.add(b).backward(seed)
    noGrad(() => a.grad!.mul_(100))
    expect(b.grad!.toArray()).toEqual([1, 2])
    expect(seed.toArray()).toEqual([1, 2])
  })

  it('keeps the gradient of an intermediate that retains it', () => {
    const x = leaf(2)
    const h = x.square().retainGrad()
    h.mul(3).backward()
    expect(h.grad!.item()).toBe(3)
    expect(x.grad!.item()).toBe(12)
  })

  it('works on a leaf itself', () => {
    const x = leaf(5)
    x.backward()
    expect(x.grad!.item()).toBe(1)
  })

  it('changes nothing when a rule throws halfway', () => {
    const [a, b] = [leaf(2), leaf(3)]
    const h = a.mul(2)
    h.onGrad(() => {
      throw new Error('stop')
    })
    const y = h.mul(b)
    expect(() => y.backward()).toThrow('stop')
    expect([a.grad, b.grad]).toEqual([null, null])
    expect(y.gradFn!.freed).toBe(false)
  })
})

describe('gradients', () => {
  it('returns without touching .grad', () => {
    const [a, b] = [leaf(2), leaf(3)]
    const [ga, gb] = gradients(a.mul(b), [a, b])
    expect([ga.item(), gb.item()]).toEqual([3, 2])
    expect([a.grad, b.grad]).toEqual([null, null])
  })

  it('differentiates by intermediates', () => {
    const x = leaf(2)
    const h = x.square()
    const y = h.mul(h)
    expect(gradients(y, [h, x], { retainGraph: true }).map((g) => g.item())).toEqual([8, 32])
  })

  it('does not need values below what it differentiates by', () => {
    const x = leaf(2)
    const h = x.square().exp()
    h.mul(1).backward()
    expect(gradients(h.square(), h)[0].item()).toBeCloseTo(2 * h.item(), 3)
    expect(() => gradients(h.square(), x)).toThrow(/were freed/)
  })

  it('sums several outputs with their cotangents', () => {
    const x = leaf([1, 2])
    const [g] = gradients([x.mul(2), x.square()], x, { gradOutputs: [ones([2]), tensor([1, 10])] })
    expect(g.toArray()).toEqual([4, 42])
  })

  it('names an unused input unless null is welcome', () => {
    const [a, b] = [leaf(2), leaf(3, 'unused')]
    expect(() => gradients(a.square(), [a, b])).toThrow(/'unused'.*allowUnused/)
    expect(gradients(a.square(), [a, b], { allowUnused: true })[1]).toBeNull()
  })

  it('goes to any order', () => {
    const x = tensor(0.5, { dtype: 'float64', requiresGrad: true })
    let y = x.sin()
    for (let i = 0; i < 6; i++) [y] = gradients(y, x, { createGraph: true })
    expect(y.item()).toBeCloseTo(-Math.sin(0.5), 14)
  })

  it('refuses unknown options and tensors without requiresGrad', () => {
    const x = leaf(1)
    expect(() => gradients(x.square(), x, { createGraf: true } as object)).toThrow(/unknown option 'createGraf'/)
    expect(() => gradients(x.square(), zeros([2]))).toThrow(/does not require a gradient/)
  })
})
