/** The articles' experiments on cost, depth and difference quotients, as the library's own studies run them. */
import { expect, test } from 'vitest'
import { numpyRandom } from '../../examples/seeds/numpy-random.ts'
import { activationFlow, differenceOrder, linearization, modeCost } from '../../src/explain/index.ts'
import { ones, stack, type Tensor } from '../../src/index.ts'
import { caseOf, close, float64, near } from './cases.ts'

/** The part of a case that is neither a value nor a gradient. */
const otherOf = <T>(id: string): T => caseOf(id).data.expected.other as T

test('s002-mode-cost: forward and backward together cost two to three forward passes', () => {
  const x = ones([16, 32], float64)
  const weights = [0, 1, 2].map(() => ones([32, 32], float64))
  const loss = (...ws: Tensor[]) => ws.reduce((h, w) => h.matmul(w).tanh(), x).sum()
  const { operations } = modeCost(loss, weights, { budget: 0 })
  const { rows } = otherOf<{ rows: { reverseCostInForwardPasses: number[] }[] }>('s002-mode-cost')
  const [least, most] = rows[1].reverseCostInForwardPasses
  const factor = operations.vjp.total / operations.evaluation.total
  expect(factor).toBeGreaterThanOrEqual(least)
  expect(factor).toBeLessThanOrEqual(most)
})

test('s003-ex4-fd-order: the orders and coefficients of both quotients', () => {
  type Both = Record<'forward' | 'central', number>
  const wanted = otherOf<Record<'measuredOrder' | 'leadingCoefficients', Both>>('s003-ex4-fd-order')
  const study = differenceOrder((w) => w.mul(0.5).add(0.1).sigmoid(), 0.6, [0.1, 0.01])
  for (const which of ['forward', 'central'] as const) {
    expect(near(study.rows[1][which].order!, wanted.measuredOrder[which], 1e-6)).toBe(true)
    expect(near(study[which].coefficient, wanted.leadingCoefficients[which], 1e-4)).toBe(true)
  }
})

test('s004-linear-approximation: half the step leaves a quarter of the error', () => {
  const { x, delta } = caseOf('s004-linear-approximation').leaves()
  const h = (x: Tensor) => {
    const [x1, x2] = x.unbind()
    const u2 = x1.mul(x2)
    return stack([x1.square().sin().add(u2), u2.mul(x2.square())])
  }
  const [whole, half] = linearization(h, x, delta, [1, 0.5]).steps
  expect(whole.size / half.size).toBeCloseTo(4, 2)
  expect(half.order).toBeCloseTo(2, 2)
})

test("s004-gradient-flow-50: on numpy's random numbers", () => {
  const { layersPrinted, seed } = caseOf('s004-gradient-flow-50').data.inputs as {
    layersPrinted: number[]
    seed: number
  }
  const { numpyLegacyReference: wanted, meanFactor } = otherOf<{
    numpyLegacyReference: Record<string, number[]>
    meanFactor: Record<string, number>
  }>('s004-gradient-flow-50')
  const randn = numpyRandom(seed)
  const preActivations = [0, 1, 2].map(() => randn([100, 50]))
  for (const { name, mean, exact } of activationFlow({ preActivations }).activations) {
    const printed = layersPrinted.map((n) => mean[n - 1])
    close(printed, wanted[name])
    expect(near(exact.mean, meanFactor[name])).toBe(true)
  }
})
