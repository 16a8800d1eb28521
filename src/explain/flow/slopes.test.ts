import { describe, expect, it } from 'vitest'
import { grad, ones, type Tensor, tensor } from '../../index.ts'
import { elementwise } from '../../ops/kinds/elementwise.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { registry } from '../../ops/registry.ts'
import * as s from '../../scalar/index.ts'
import { slopeProfile } from './slopes.ts'

const x = ones([1])
const profileOf = (name: string, ...rest: number[]) => slopeProfile(registry.get(name)!, [x, ...rest])

/** Every op of one argument whose others have defaults. */
const unary = [...registry.values()].flatMap((op): [string, Op, number[]][] => {
  if (op.kind !== 'elementwise') return []
  const rest = op.args.slice(1).map((name) => op.defaults[name])
  return rest.includes(undefined as never) ? [] : [[op.name, op, rest]]
})

describe('slopeProfile', () => {
  it('knows the bounded activations, with the ends at which they are flat', () => {
    expect(profileOf('sigmoid')).toMatchObject({ steepest: 0.25, below: { closed: false, off: false }, above: {} })
    expect(profileOf('sigmoid')!.above!.edge).toBeCloseTo(Math.log(397.997), 3)
    expect(profileOf('tanh')!.above!.edge).toBeCloseTo(2.9932, 4)
    expect(profileOf('hardtanh', -1, 1)).toMatchObject({ below: { closed: true }, above: { closed: true, off: false } })
  })

  it('knows gates, and the side on which they are off by design', () => {
    expect(profileOf('relu')).toEqual({ steepest: 1, below: { edge: -0, closed: true, off: true }, above: null })
    expect(profileOf('relu6')).toMatchObject({ below: { off: true }, above: { closed: true, off: false } })
    expect(profileOf('maximum', 0)).toEqual(profileOf('relu'))
    expect(profileOf('clamp', 0, Infinity)).toEqual(profileOf('relu'))
    expect(profileOf('leakyRelu', 0.01)).toBeNull()
  })

  it('tells an exact 0 from one that is only rounded', () => {
    for (const name of ['gelu', 'silu', 'softplus', 'erf', 'mish'])
      expect(profileOf(name, ...(name === 'softplus' ? [1, 20] : []))!.below).toMatchObject({
        closed: false,
        off: false,
      })
    expect(profileOf('hardswish')!.below).toMatchObject({ closed: true, off: false })
  })

  it('knows what is no gate: slopes without bound, nowhere flat, everywhere flat, or with a bounded domain', () => {
    for (const name of ['exp', 'square', 'log', 'sqrt', 'abs', 'sin', 'neg', 'round', 'sign', 'tan', 'rsqrt'])
      expect(profileOf(name)).toBeNull()
    expect(slopeProfile(registry.get('mul')!, [x, x])).toBeNull()
    expect(slopeProfile(registry.get('matmul') ?? registry.get('contraction')!, [x, x])).toBeNull()
    expect(slopeProfile(registry.get('gt')!, [x, 0])).toBeNull()
  })

  it('examines an activation that it has never heard of', () => {
    const gaussian = elementwise({ name: 'gaussian', args: ['x'], formula: ({ x }) => s.exp(s.neg(s.mul(x, x))) })
    const found = slopeProfile(gaussian as Op, [x])!
    expect(found.steepest).toBeCloseTo(Math.sqrt(2 / Math.E), 2)
    expect(found.below?.edge).toBeCloseTo(-found.above!.edge, 9)
  })

  it.each(unary)('%s: what it says is what derivatives are', (_, op, rest) => {
    const found = slopeProfile(op, [x, ...rest])
    if (!found) return
    const f = op as unknown as (x: Tensor, ...rest: number[]) => Tensor
    const slope = (at: number) =>
      Math.abs(grad((x: Tensor) => f(x, ...rest).sum())(tensor([at], { dtype: 'float64' })).item())
    for (const tail of [found.below, found.above]) {
      if (!tail) continue
      const sign = tail === found.below ? -1 : 1
      for (const beyond of [0.001, 0.1, 1, 30])
        expect(slope(tail.edge + sign * beyond)).toBeLessThanOrEqual(0.0101 * found.steepest)
      if (tail.closed) expect(slope(tail.edge + sign * 0.001)).toBe(0)
      else expect(slope(tail.edge + sign)).toBeGreaterThan(0)
    }
    for (let at = -20; at <= 20; at += 0.37) expect(slope(at)).toBeLessThanOrEqual(1.17 * found.steepest)
  })
})
