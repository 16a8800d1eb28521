import { describe, expect, it } from 'vitest'
import { ones, randn, tensor, zeros } from '../../index.ts'
import { measure, normOfTensor, pooled } from './statistics.ts'

describe('measure', () => {
  it('sums up a tensor', () => {
    const found = measure(
      tensor([
        [3, 0],
        [-4, 1],
      ]).T,
    )
    expect(found).toMatchObject({ size: 4, min: -4, mean: 0, max: 3, zeros: 0.25, nonFinite: 0 })
    expect(found.norm).toBeCloseTo(Math.sqrt(26), 12)
    expect(found.std).toBeCloseTo(Math.sqrt(26 / 4), 12)
  })

  it('tells of the finite elements where others are not', () => {
    const found = measure(tensor([1, Number.NaN, 3, Infinity]))
    expect(found).toMatchObject({ min: 1, mean: 2, max: 3, std: 1, nonFinite: 2, norm: Number.NaN })
    expect(measure(tensor([1, -Infinity])).norm).toBe(Infinity)
    expect(measure(tensor([Number.NaN]))).toMatchObject({ min: Number.NaN, mean: Number.NaN, nonFinite: 1 })
  })

  it('has room for numbers of any size', () => {
    const [tiny, huge] = [1e-300, 1e300].map((v) => measure(tensor([3 * v, 4 * v], { dtype: 'float64' })))
    expect(tiny.norm / 5e-300).toBeCloseTo(1, 12)
    expect(huge.norm / 5e300).toBeCloseTo(1, 12)
    expect(huge.std / 5e299).toBeCloseTo(1, 12)
    expect(huge.nonFinite).toBe(0)
    expect(normOfTensor(tensor([1e-200, 0], { dtype: 'float64' }))).toBe(1e-200)
  })

  it('is defined for nothing at all', () => {
    expect(measure(zeros([0]))).toMatchObject({ size: 0, norm: 0, zeros: 0, mean: Number.NaN })
    expect(measure(zeros([3]))).toMatchObject({ norm: 0, std: 0, zeros: 1 })
  })
})

describe('pooled', () => {
  it('is the measure of all elements together', () => {
    const [a, b] = [randn([50]), randn([20]).mul(3).add(2)]
    const [together, apart] = [measure(a.reshape([50]).clone()), pooled([measure(a), measure(b)])]
    const all = measure(tensor([...a.data, ...b.data]))
    for (const key of ['size', 'norm', 'min', 'mean', 'max', 'std', 'zeros', 'nonFinite'] as const)
      expect(apart[key]).toBeCloseTo(all[key], 6)
    expect(pooled([together])).toBe(together)
    expect(pooled([measure(ones([2])), measure(tensor([Number.NaN]))])).toMatchObject({ mean: 1, nonFinite: 1 })
  })
})
