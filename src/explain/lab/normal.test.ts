import { describe, expect, it } from 'vitest'
import { normalMeans } from './normal.ts'

const mean = (g: (z: number) => number): number => normalMeans((z) => [z.map(g)])[0]

describe('normalMeans', () => {
  it('gives the moments of the normal distribution', () => {
    const [one, first, second, fourth, sixth] = normalMeans((z) => [0, 1, 2, 4, 6].map((k) => z.map((v) => v ** k)))
    expect(one).toBeCloseTo(1, 14)
    expect(first).toBeCloseTo(0, 14)
    expect(second).toBeCloseTo(1, 14)
    expect(fourth).toBeCloseTo(3, 13)
    expect(sixth).toBeCloseTo(15, 12)
  })

  it('finds jumps wherever they are', () => {
    // P(z > 0.3), from the error function.
    expect(mean((z) => Number(z > 0.3))).toBeCloseTo(0.38208857781104744, 13)
    expect(mean((z) => Number(z > 0))).toBeCloseTo(0.5, 14)
  })

  it('integrates over a logarithmic singularity', () => {
    // E[log |z|] = -(Euler's constant + log 2) / 2
    expect(mean((z) => Math.log(Math.abs(z)))).toBeCloseTo(-(0.5772156649015329 + Math.LN2) / 2, 12)
  })

  it('says where there is no mean', () => {
    expect(mean((z) => 1 / Math.abs(z - 0.3))).toBeNaN()
    expect(mean(() => Number.NaN)).toBeNaN()
  })
})
