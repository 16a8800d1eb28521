import { describe, expect, it } from 'vitest'
import { ArgumentError, GradError } from '../../errors/index.ts'
import { mul, relu, sigmoid, sqrt, square } from '../../ops/elementwise/index.ts'
import { tensor, zeros } from '../../tensor/index.ts'
import { differenceOrder } from './difference-order.ts'

describe('differenceOrder', () => {
  const study = differenceOrder((w) => sigmoid(mul(w, 0.5)), 0.8)

  it('measures both orders', () => {
    expect(study.exact).toBeCloseTo(0.12013037287076457, 15)
    expect(study.rows[0].forward.error).toBeCloseTo(0.0006146345030642181, 12)
    expect(study.rows[0].central.error).toBeCloseTo(2.2097711305027468e-5, 12)
    expect(study.rows[1].forward.order).toBeCloseTo(1.0141166408111162, 6)
    expect(study.rows[1].central.order).toBeCloseTo(1.9999124750066333, 6)
    expect(study.forward.observedOrder).toBeCloseTo(1, 2)
    expect(study.central.observedOrder).toBeCloseTo(2, 2)
  })

  it('knows the leading coefficients, which the errors follow', () => {
    expect(study.forward.coefficient).toBeCloseTo(0.005927692703526069, 6)
    expect(study.central.coefficient).toBeCloseTo(0.0022102210400859394, 6)
    const row = study.rows[2]
    expect(row.forward.error / (study.forward.coefficient * row.step)).toBeCloseTo(1, 2)
    expect(row.central.error / (study.central.coefficient * row.step ** 2)).toBeCloseTo(1, 4)
  })

  it('knows that rounding takes over', () => {
    const last = study.rows[study.rows.length - 1]
    expect(last.forward.error).toBeGreaterThan(1000 * study.forward.bestError)
    expect(study.central.balance).toBeGreaterThan(1e-6)
    expect(study.central.balance).toBeLessThan(1e-4)
    expect(study.forward.balance).toBeLessThan(study.central.balance!)
  })

  it('is exact where the coefficient is 0', () => {
    const { forward, central } = differenceOrder(square, 3, [0.5, 0.25])
    expect(central).toMatchObject({ coefficient: 0, observedOrder: null, balance: null, bestError: 0 })
    expect(forward).toMatchObject({ coefficient: 1, observedOrder: 1, bestError: 0.25 })
  })

  it('orders steps, and fits the terminal', () => {
    expect(differenceOrder(square, 1, [0.1, 1]).rows.map(({ step }) => step)).toEqual([1, 0.1])
    expect(
      study
        .toText()
        .split('\n')
        .every((line) => line.length <= 80),
    ).toBe(true)
  })

  it('refuses', () => {
    expect(() => differenceOrder(square, Number.NaN)).toThrow(ArgumentError)
    expect(() => differenceOrder(square, 1, [0])).toThrow(ArgumentError)
    expect(() => differenceOrder(square, 1, [0.1, 0.1])).toThrow('occurs twice')
    expect(() => differenceOrder(sqrt, 0.01)).toThrow(GradError)
    expect(() => differenceOrder(() => zeros([2]), 1)).toThrow(GradError)
    expect(() => differenceOrder((x) => relu(tensor(x.item())), 1)).toThrow('float64')
    expect(() => differenceOrder(3 as never, 1)).toThrow(ArgumentError)
  })
})
