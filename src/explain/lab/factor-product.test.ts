import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../../errors/index.ts'
import { factorProduct } from './factor-product.ts'

describe('factorProduct', () => {
  it('multiplies', () => {
    expect(factorProduct(0.25, 50).product).toBe(7.888609052210118e-31)
    expect(factorProduct(0.25, 9).product).toBe(3.814697265625e-6)
    expect([2, 0.5, 1].map((w) => factorProduct(w, 10).product)).toEqual([1024, 0.0009765625, 1])
    expect(factorProduct(0.9, 50).product).toBeCloseTo(0.00515377520732012, 15)
    expect(factorProduct(1.1, 50).product).toBeCloseTo(117.39085287969579, 10)
    expect(factorProduct([3, 14]).partial).toEqual([3, 42])
  })

  it('grades', () => {
    const trend = (...args: Parameters<typeof factorProduct>) => factorProduct(...args).trend
    expect([trend(0.25, 50), trend(0.9, 50), trend(1, 50), trend(1.1, 50), trend(2, 50)]).toEqual([
      ...['vanishing', 'shrinking', 'steady', 'growing', 'exploding'],
    ])
    expect(trend([2, 0, 3])).toBe('zero')
    expect(factorProduct([2, 8]).perFactor).toBeCloseTo(4, 14)
  })

  it('finds where formats end', () => {
    // The smallest float32 is 2^-149, the smallest normal one 2^-126; of float64 2^-1074 and 2^-1022.
    const { float32, float64 } = factorProduct(0.25, 600).range
    expect(float32).toEqual({ subnormal: 64, zero: 75, infinite: null, product: 0 })
    expect(float64).toEqual({ subnormal: 512, zero: 538, infinite: null, product: 0 })
    expect(factorProduct(0.25, 74).range.float32.zero).toBeNull()
    expect(factorProduct(2, 200).range.float32.infinite).toBe(128)
    expect(factorProduct([1e-20, 0, 1e-30]).range.float32.zero).toBeNull()
    // Four times the smallest number, times 0.9, is 3.6 of it and rounds to four: there it stays.
    const held = factorProduct(0.9, 2000).range.float32
    expect(held.zero).toBeNull()
    expect(held.product).toBe(4 * 2 ** -149)
  })

  it('shows products that float64 cannot hold', () => {
    expect(factorProduct(0.25, 600).product).toBe(0)
    expect(factorProduct(0.25, 600).toText()).toContain('5.808e-362')
    expect(factorProduct(-30, 501).toText()).toContain('-1.091e740')
    expect(factorProduct(0.25, 50).toText()).toContain('7.889e-31: vanishing')
  })

  it('refuses what is no factor', () => {
    for (const args of [[Number.NaN, 3], [2], [2, 0], [2, 1.5], [[]], [[1, Infinity]], [[1, 2], 3], ['2', 3]]) {
      expect(() => factorProduct(...(args as [number, number]))).toThrow(ArgumentError)
    }
  })
})
