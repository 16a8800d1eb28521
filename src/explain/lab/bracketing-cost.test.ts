import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../../errors/index.ts'
import { bracketingCost } from './bracketing-cost.ts'

/** Every order there is, by brute force. */
function least(sizes: readonly number[]): number {
  if (sizes.length === 2) return 0
  const costs = sizes.slice(1, -1).map((middle, i) => {
    const [low, high] = [sizes.slice(0, i + 2), sizes.slice(i + 1)]
    return least(low) + least(high) + sizes[0] * middle * sizes[sizes.length - 1]
  })
  return Math.min(...costs)
}

describe('bracketingCost', () => {
  it('counts multiply-adds of the two modes', () => {
    const cost = bracketingCost([1000, 500, 500, 1])
    expect(cost.forward).toEqual({ order: 'J3 (J2 J1)', multiplyAdds: 250_500_000 })
    expect(cost.reverse).toEqual({ order: '(J3 J2) J1', multiplyAdds: 750_000 })
    expect(cost.forward.multiplyAdds / cost.reverse.multiplyAdds).toBe(334)
  })

  it('finds the best order', () => {
    for (const sizes of [
      [1000, 500, 500, 1],
      [10, 1000, 3, 1000, 10],
      [2, 9, 4, 7, 3, 8, 1],
      [5, 5, 5],
    ])
      expect(bracketingCost(sizes).best.multiplyAdds).toBe(least(sizes))
    expect(bracketingCost([10, 1000, 3, 1000, 10]).best.order).toBe('(J4 J3) (J2 J1)')
  })

  it('refuses what is no chain', () => {
    for (const sizes of [[3, 2], [1, 0, 2], [1, 2.5, 2], 'abc', undefined, new Array(300).fill(1)])
      expect(() => bracketingCost(sizes as number[])).toThrow(ArgumentError)
  })
})
