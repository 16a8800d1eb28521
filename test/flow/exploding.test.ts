/** Gradients that grow towards the input, and those that do not. */
import { beforeEach, describe, expect, it } from 'vitest'
import { flow } from '../../src/explain/flow/index.ts'
import { manualSeed, noGrad, randn } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { chain, flowOf, kaiming, named, recurrentWeight, silent } from './cases.ts'

beforeEach(() => manualSeed(1))

describe('exploding', () => {
  it('large weights', () => {
    const large = chain(
      6,
      () => new nn.LeakyReLU(),
      ({ weight }) => weight.mul_(60),
    )
    const [found] = named(flowOf(large), 'exploding')
    expect(found.severity).toBe('problem')
    expect(found.where.layers).toContain('0')
    expect(found.evidence).toMatch(/times the gradient of layer 12: .* a factor of \d+(\.\d)? per layer/)
    expect(found.remedy).toContain('nn.init.xavierNormal_')
  })
  it('a recurrent layer whose gradient grows from step to step', () => {
    const rnn = new nn.RNN(3, 8, { batchFirst: true, nonlinearity: 'relu' })
    noGrad(() => recurrentWeight(rnn).mul_(10))
    const input = randn([16, 12, 3])
    const [found] = named(
      flow(rnn, () => rnn.forward(input)[1].mean()),
      'exploding',
    )
    expect(found.evidence).toContain('Along the steps of RNN, from the last to the first')
  })
  it('silent: the same depth with Kaiming weights', () => {
    silent(flowOf(chain(6, () => new nn.LeakyReLU(), kaiming)))
  })
})
