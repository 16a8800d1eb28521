import { describe, expect, it } from 'vitest'
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { mul, sigmoid } from '../../ops/elementwise/index.ts'
import { defaultGenerator, fromArray, type Tensor, tensor } from '../../tensor/index.ts'
import { activationFlow } from './activation-flow.ts'

const study = activationFlow()
const [logistic, tanh, relu] = study.activations

describe('activationFlow', () => {
  it('knows the exact factors', () => {
    expect(logistic.exact.mean).toBeCloseTo(0.20662096414190706, 14)
    expect(tanh.exact.mean).toBeCloseTo(0.6057055096021591, 14)
    expect(relu.exact.mean).toBeCloseTo(0.5, 14)
    expect([logistic, tanh, relu].map(({ exact }) => exact.largest)).toEqual([0.25, 1, 1])
    expect(relu.exact.zero).toBeCloseTo(0.5, 14)
    expect(logistic.exact.largestAt).toBe(0)
    const [gelu, exp] = activationFlow({ activations: ['gelu', 'exp'], layers: 2 }).activations
    // gelu is steepest at √2, where its second derivative (2 - x²) φ(x) is 0.
    expect(gelu.exact.largestAt).toBeCloseTo(Math.SQRT2, 6)
    expect(exp.exact.largestAt).toBe(10)
    expect(exp.exact.mean).toBeCloseTo(Math.exp(0.5), 13)
    expect(relu.exact.geometricMean).toBe(0)
  })

  it('estimates them within four standard errors', () => {
    for (const { factor, exact } of study.activations) {
      expect(factor.standardError).toBeGreaterThan(0)
      expect(Math.abs(factor.mean - exact.mean)).toBeLessThan(4 * factor.standardError)
    }
  })

  it('keeps the invariants of the experiment', () => {
    for (const { mean, exact } of study.activations) {
      expect(mean).toHaveLength(50)
      for (let n = 1; n < 50; n++) expect(mean[n]).toBeLessThanOrEqual(mean[n - 1])
      for (let n = 0; n < 50; n++) expect(mean[n]).toBeLessThanOrEqual(exact.largest ** (n + 1) * (1 + 1e-12))
    }
    for (const n of study.at) expect(logistic.mean[n - 1]).toBeLessThan(tanh.mean[n - 1])
    for (const [n, share] of relu.zeroShare.entries()) expect(relu.mean[n] + share).toBeCloseTo(1, 14)
    expect(relu.geometricMean[0]).toBe(0)
    expect(logistic.zeroShare[49]).toBe(0)
  })

  it('multiplies the factors that it is given', () => {
    const z = tensor(
      [
        [0, 1],
        [2, -1],
      ],
      { dtype: 'float64' },
    )
    const slope = (x: number) => Math.exp(-x) / (1 + Math.exp(-x)) ** 2
    const [one] = activationFlow({ activations: ['sigmoid'], preActivations: z }).activations
    const products = [slope(0) * slope(1), slope(2) * slope(1)]
    expect(one.mean[0]).toBeCloseTo((slope(0) + slope(2)) / 2, 15)
    expect(one.mean[1]).toBeCloseTo((products[0] + products[1]) / 2, 15)
    expect(one.geometricMean[1]).toBeCloseTo(Math.sqrt(products[0] * products[1]), 15)
    expect(one.standardError[1]).toBeCloseTo(Math.abs(products[0] - products[1]) / 2, 15)
  })

  it('has no trouble where float64 has no number left', () => {
    const [one] = activationFlow({ activations: ['sigmoid'], layers: 600, trials: 5 }).activations
    expect(one.mean[599]).toBe(0)
    expect(one.zeroShare[599]).toBe(0)
    expect(one.mean[399]).toBeGreaterThan(0)
  })

  it('takes functions, and gives the same numbers for the same seed', () => {
    const halved = (x: Tensor) => mul(sigmoid(x), 0.5)
    const [a, b] = activationFlow({ activations: ['sigmoid', halved], layers: 3, seed: 5 }).activations
    expect(b.name).toBe('halved')
    expect(b.exact.mean).toBeCloseTo(a.exact.mean / 2, 14)
    expect(b.mean[2]).toBeCloseTo(a.mean[2] / 8, 15)
    const state = defaultGenerator.state
    expect(activationFlow({ layers: 3, seed: 5 }).toJSON()).toEqual(activationFlow({ layers: 3, seed: 5 }).toJSON())
    expect(defaultGenerator.state).toEqual(state)
    expect(activationFlow({ layers: 3, seed: 6 }).toJSON()).not.toEqual(activationFlow({ layers: 3, seed: 5 }).toJSON())
  })

  it('says what is true of relu', () => {
    const text = study.toText()
    expect(text).toContain('every factor is 0 or 1')
    expect(text).toMatch(/with\s+probability 0\.9069 all of them/)
    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true)
  })

  it('refuses what it cannot study', () => {
    const z = fromArray(new Float64Array(4), [2, 2], 'float64')
    const wrong: [object, typeof ArgumentError | typeof ShapeError, string][] = [
      [{ activations: ['rlu'] }, ArgumentError, "got 'rlu'"],
      [{ activations: ['matmul'] }, ArgumentError, 'one of linear'],
      [{ activations: [] }, ArgumentError, 'at least one'],
      [{ activations: ['relu', 'relu'] }, ArgumentError, "called 'relu'"],
      [{ activations: ['sqrt'] }, ArgumentError, 'slope of sqrt is NaN'],
      [{ activations: ['log'] }, ArgumentError, 'does not converge'],
      [{ layers: 0 }, ArgumentError, 'layers must be a positive integer'],
      [{ layers: 10_000, trials: 10_000 }, ArgumentError, 'at most'],
      [{ seed: 0.5 }, ArgumentError, 'seed'],
      [{ at: [51] }, ArgumentError, 'depths from 1 to 50'],
      [{ depth: 3 }, ArgumentError, "unknown option 'depth'"],
      [{ preActivations: z, layers: 2 }, ArgumentError, "'layers'"],
      [{ preActivations: [z] }, ArgumentError, '3 activations'],
      [{ preActivations: tensor([1, 2]) }, ShapeError, '[trials, layers]'],
    ]
    for (const [options, error, message] of wrong) {
      expect(() => activationFlow(options)).toThrow(error)
      expect(() => activationFlow(options)).toThrow(message)
    }
  })
})
