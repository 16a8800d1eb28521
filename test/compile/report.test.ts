/** What can be asked of a compiled function: its plan, and where its time goes. */
import { describe, expect, it } from 'vitest'
import { ArgumentError, CompileError, compile, manualSeed, randn, tensor } from '../../src/index.ts'

manualSeed(1)
const w = randn([32, 16], { requiresGrad: true })
const step = compile((x) => {
  w.grad = null
  const loss = x.matmul(w).tanh().square().mean()
  loss.backward()
  return loss
})
const x = randn([8, 32])

describe('plan and profile', () => {
  it('ask for a call first', () => {
    const fresh = compile((a) => a.exp())
    expect(() => fresh.plan()).toThrow(CompileError)
    expect(() => fresh.profile()).toThrow(/has run yet; call it first/)
  })

  it('name kernels, operations and memory', () => {
    step(x)
    const plan = step.plan()
    const products = plan.kernels.filter(({ kind }) => kind === 'product')
    expect(products.map(({ flops }) => flops)).toEqual([2 * 8 * 32 * 16, 2 * 8 * 32 * 16])
    expect(plan.fused.some((label) => label.includes('tanh'))).toBe(true)
    expect(plan.flops).toBe(plan.kernels.reduce((sum, { flops }) => sum + flops, 0))
    expect(plan.keptBytes).toBeGreaterThanOrEqual(4 * (8 * 32 + 2 * 32 * 16))
    expect(plan.toText().split('\n')).toHaveLength(plan.kernels.length + 2)
  })

  it('times every kernel beside its bound and changes no state', () => {
    step(x)
    const before = [w.data, w.grad!.data]
    const { kernels, seconds, bound, peaks, ...profile } = step.profile({ runs: 5 })
    expect(kernels.map(({ label }) => label)).toEqual(step.plan().kernels.map(({ label }) => label))
    expect(seconds).toBeCloseTo(
      kernels.reduce((sum, kernel) => sum + kernel.seconds, 0),
      12,
    )
    expect(bound).toBeGreaterThan(0)
    expect(peaks.flops).toBeGreaterThan(1e8)
    expect(peaks.bandwidth).toBeGreaterThan(1e8)
    for (const k of kernels) expect(k.bound).toBe(Math.max(k.flops / peaks.flops, k.bytes / peaks.bandwidth))
    expect(profile.toText()).toMatch(/^kind +kernel +time +share/)
    expect(profile.toSvg({ theme: 'dark' })).toMatch(/^<svg .*<\/svg>$/s)
    expect([w.data, w.grad!.data]).toEqual(before)
  })

  it('draw only the kinds that are there, and lines from names to marks', () => {
    step(x)
    const svg = step.profile({ runs: 3 }).toSvg({ theme: 'light' })
    expect(svg).toMatch(/>product</)
    expect(svg).not.toMatch(/>host</)
    const at = (circle: boolean) =>
      [...svg.matchAll(circle ? /<circle cx="([\d.]+)" cy="([\d.]+)"/g : /<line x1="([\d.]+)" y1="([\d.]+)"/g)].map(
        ([, px, py]) => `${px} ${py}`,
      )
    const marks = new Set(at(true))
    expect(at(false).filter((place) => marks.has(place)).length).toBeGreaterThan(0)
  })

  it('write what takes no operations as such, and small bounds with prefixes', () => {
    const draw = compile(() => randn([4]))
    draw()
    const row = draw.profile({ runs: 1 }).toText().split('\n')[1]
    expect(row).toMatch(/^host +randn .* ns +– /)
    expect(row).not.toMatch(/e-\d|0 FLOP/)
  })

  it('refuse what they do not know', () => {
    step(x)
    expect(() => step.profile({ runs: 0 })).toThrow(ArgumentError)
    expect(() => step.profile({ rounds: 2 } as object)).toThrow(ArgumentError)
    expect(() => step.profile({ runs: 1 }).toSvg({ colour: 'red' } as object)).toThrow(ArgumentError)
  })

  it('say what a call that runs op by op lacks', () => {
    const inner = compile((a) => a.exp())
    const hooked = tensor(1, { requiresGrad: true })
    hooked.onGrad(() => undefined)
    inner(hooked)
    expect(() => inner.plan()).toThrow(/op by op/)
  })
})
