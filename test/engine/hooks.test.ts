/** Hooks on tensors: when they run, in which order, what they may change. */
import { describe, expect, it } from 'vitest'
import { enableGrad, noGrad, type Tensor, tensor } from '../../src/index.ts'

const leaf = (v: number) => tensor(v, { requiresGrad: true })

describe('onGrad', () => {
  it('sees the complete gradient once, before what lies below', () => {
    const x = leaf(2)
    const h = x.square()
    const seen: [string, number][] = []
    x.onGrad((g) => void seen.push(['x', g.item()]))
    h.onGrad((g) => void seen.push(['h', g.item()]))
    h.mul(3).add(h).backward()
    expect(seen).toEqual([
      ['h', 4],
      ['x', 16],
    ])
  })

  it('replaces the gradient, hooks running in the order they were added', () => {
    const x = leaf(1)
    const h = x.mul(2)
    h.onGrad((g) => g.mul(10))
    h.onGrad((g) => g.add(1))
    h.backward()
    expect(x.grad!.item()).toBe(22)
  })

  it('is removed by what it returned', () => {
    const x = leaf(1)
    const off = x.onGrad((g) => g.mul(100))
    off()
    x.mul(2).backward()
    expect(x.grad!.item()).toBe(2)
  })

  it('runs on leaves before accumulation', () => {
    const x = leaf(1)
    x.onGrad((g) => g.neg())
    x.mul(2).backward()
    x.mul(2).backward()
    expect(x.grad!.item()).toBe(-4)
  })

  it('refuses a gradient of another shape, and tensors that get none', () => {
    const x = leaf(1)
    const h = x.mul(2)
    h.onGrad(() => tensor([1, 2]))
    expect(() => h.backward()).toThrow(/must return a gradient of that shape/)
    expect(() => tensor(1).onGrad((g: Tensor) => g)).toThrow(/does not require a gradient/)
  })

  it('may run another backward', () => {
    const x = leaf(3)
    const w = leaf(2)
    const h = x.mul(w)
    let inner = 0
    const z = h.square()
    h.onGrad(() => {
      enableGrad(() => x.square()).backward(null, { inputs: [x] })
      inner++
    })
    z.backward(null, { inputs: [w], retainGraph: true })
    expect(inner).toBe(1)
    expect(x.grad!.item()).toBe(6)
    expect(w.grad!.item()).toBe(36)
  })

  it('lets a hook keep what it saw', () => {
    const x = leaf(3)
    let seen: Tensor | undefined
    x.onGrad((g) => {
      seen = g
      return undefined
    })
    x.square().backward()
    noGrad(() => x.grad!.zero_())
    expect(seen!.item()).toBe(6)
  })
})
