import { describe, expect, it } from 'vitest'
import { ArgumentError, DTypeError, GradError } from '../../errors/index.ts'
import { dropout, matmul, mean, permute, stack, sum } from '../../functional/index.ts'
import { cos, exp, mul, relu, sigmoid, sin, square, sub } from '../../ops/elementwise/index.ts'
import { defaultGenerator, ones, randn, type Tensor, tensor, zeros } from '../../tensor/index.ts'
import { modeCost } from './mode-cost.ts'

const float64 = { dtype: 'float64' } as const
const counts = (f: (...xs: Tensor[]) => Tensor, x: Tensor | Tensor[]) => modeCost(f, x, { budget: 0 })

describe('modeCost counts', () => {
  it('multiply-adds of products, the same for the function, its tangent and its pullback', () => {
    const W = randn([7, 5], float64)
    const { operations } = counts((x) => matmul(W, x), ones([5], float64))
    expect(operations.evaluation).toMatchObject({ applications: 1, multiplyAdds: 35, elementOperations: 0, total: 35 })
    expect(operations.jvp).toMatchObject({ applications: 2, multiplyAdds: 70 })
    expect(operations.pullback).toMatchObject({ applications: 1, multiplyAdds: 35 })
    expect(operations.vjp.multiplyAdds).toBe(70)
  })

  it('intrinsics of formulas and terms of sums, per element', () => {
    // x x: one product; sin: one call; the sum: a term each.
    expect(counts(square, ones([10])).operations.evaluation.elementOperations).toBe(10)
    expect(counts((x) => sum(sin(x)), ones([10])).operations.evaluation.elementOperations).toBe(20)
    // The pullback of sin: cos(x) g.
    expect(counts(sin, ones([10])).operations.pullback.elementOperations).toBe(20)
  })

  it('nothing for views, and the elements that their transposes write', () => {
    const { operations, recommendation } = counts((x) => permute(x, [1, 0]), ones([2, 3]))
    expect(operations.vjp.total).toBe(0)
    expect(recommendation.mode).toBe('either')
  })

  it('the weights too, where they are inputs: the way back is then about twice the way there', () => {
    const X = randn([64, 20], float64)
    const loss = (W: Tensor, V: Tensor) => mean(square(matmul(sigmoid(matmul(X, W)), V)))
    const weights = [randn([20, 30], float64), randn([30, 1], float64)]
    const both = counts(loss, weights)
    expect(both.inputs).toBe(630)
    expect(both.operations.evaluation.multiplyAdds).toBe(64 * 20 * 30 + 64 * 30)
    expect(both.operations.pullback.multiplyAdds).toBe(64 * 20 * 30 + 2 * 64 * 30)
    const three = counts((A, B, C) => matmul(matmul(A, B), C), [ones([8, 8]), ones([8, 8]), ones([8, 8])])
    expect(three.operations.pullback.multiplyAdds).toBe(2 * three.operations.evaluation.multiplyAdds)
  })

  it('says what it cannot count', () => {
    expect(counts((x) => stack([x, x]), ones([2])).operations.evaluation.atLeast).toEqual(['cat'])
    expect(counts(sin, ones([2])).operations.evaluation.atLeast).toEqual([])
  })

  it('visits every node once on the way back', () => {
    const chain = (x: Tensor) => exp(sin(cos(relu(x))))
    const { evaluation, pullback } = counts(chain, ones([4])).operations
    expect(evaluation.applications).toBe(4)
    expect(pullback.applications).toBe(4)
  })
})

describe('modeCost', () => {
  it('recommends by inputs and outputs', () => {
    const many = counts((x) => sum(square(x)), ones([50]))
    expect(many.recommendation.mode).toBe('reverse')
    expect(many.recommendation.factor).toBeGreaterThan(25)
    const one = counts((x) => mul(x, ones([50])), tensor(2))
    expect(one.recommendation.mode).toBe('forward')
    expect(one.advice()).toMatch(/^Forward mode: the full Jacobian takes one pass; in reverse mode it takes 50 passes/)
    expect(counts((x) => sin(x), tensor(1)).recommendation.mode).toBe('either')
  })

  it('agrees with itself on what is computed by hand', () => {
    const [W1, W2, W3] = [
      [
        [0.5, -1, 0.25],
        [0.75, 0.5, -0.5],
      ],
      [
        [1, -0.5],
        [0.25, 0.75],
      ],
      [[0.5, -1.5]],
    ].map((rows) => tensor(rows, float64))
    const cost = counts((x) => matmul(W3, relu(matmul(W2, relu(matmul(W1, x))))), tensor([1, -0.5, 2], float64))
    expect(cost.agreement.samples.map(({ forward }) => forward)).toEqual([0.0625, -0.125, 0.03125])
    expect(cost.agreement.samples.map(({ reverse }) => reverse)).toEqual([0.0625, -0.125, 0.03125])
    for (const { difference, reverse } of cost.agreement.samples) expect(difference).toBeCloseTo(reverse, 9)
    expect(cost.agreement.projection.forward).toBeCloseTo(cost.agreement.projection.reverse, 14)
  })

  it('measures the full Jacobian where it is small', () => {
    const cost = modeCost((x) => sin(mul(x, x)), tensor([1, 2, 3], float64), { budget: 80 })
    expect(cost.times!.jvp).toBeGreaterThan(0)
    expect(cost.jacobian.forward.measured).toBeGreaterThan(0)
    expect(cost.jacobian.reverse.measured).toBeGreaterThan(0)
    expect(cost.jacobian.disagreement).toBeLessThan(1e-14)
    expect(cost.jacobian.differences.extrapolated).toBeCloseTo(6 * cost.times!.evaluation, 10)
    expect(
      cost
        .toText()
        .split('\n')
        .every((line) => line.length <= 80),
    ).toBe(true)
  })

  it('counts only without a budget, and then always the same', () => {
    const f = (x: Tensor) => sub(dropout(x, 0.5), 1)
    const state = defaultGenerator.state
    const once = counts(f, randn([6], float64).detach())
    defaultGenerator.state = state
    const again = counts(f, randn([6], float64))
    expect(once.times).toBeNull()
    expect(once.toJSON()).toEqual(again.toJSON())
    expect(once.agreement.modes).toBe(0)
    expect(modeCost(f, randn([6], float64), { budget: 40 }).jacobian.forward.measured).toBeNull()
  })

  it('refuses what is no such function', () => {
    const x = ones([2])
    const wrong: [unknown[], new (m: string) => Error, string][] = [
      [[3, x], ArgumentError, 'takes a function'],
      [[sin, 3], ArgumentError, 'must be a tensor'],
      [[sin, []], ArgumentError, 'at least one'],
      [[sin, zeros([0])], ArgumentError, 'no elements'],
      [[sin, tensor([1], { dtype: 'int32' })], DTypeError, 'int32'],
      [[() => 3, x], GradError, 'must return a tensor'],
      [[sin, x, { budget: -1 }], ArgumentError, 'from 0'],
      [[sin, x, { buget: 1 }], ArgumentError, "'buget'"],
    ]
    for (const [args, error, message] of wrong) {
      const call = () => modeCost(...(args as Parameters<typeof modeCost>))
      expect(call).toThrow(error)
      expect(call).toThrow(message)
    }
  })
})
