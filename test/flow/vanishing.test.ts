/** Early layers that get next to nothing of the gradient, and those that do. */
import { beforeEach, describe, expect, it } from 'vitest'
import { flow } from '../../src/explain/flow/index.ts'
import { manualSeed, noGrad, randn, type Tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { chain, flowOf, kaiming, named, only, recurrentWeight, silent } from './cases.ts'

beforeEach(() => manualSeed(1))

describe('vanishing', () => {
  it('ten layers of sigmoids', () => {
    const found = only(flowOf(chain(10, () => new nn.Sigmoid())), 'vanishing')
    expect(found.severity).toBe('problem')
    expect(found.where.layers?.slice(0, 3)).toEqual(['0', '2', '4'])
    expect(found.evidence).toMatch(
      /of the gradient that reaches layer 20: ‖∂L\/∂y‖ is .*e-\d+ at layer 0 and 0\.\d+ at layer 20/,
    )
    expect(found.evidence).toContain('The slope of sigmoid is 0.25 at most.')
    expect(found.remedy).toContain('nn.ReLU')
    expect(found.remedy).toContain('nn.init.kaimingNormal_')
    expect((found.data.ratios as Record<string, number>)['0']).toBeLessThan(1e-6)
  })
  it('weights that are too small, without a word about sigmoids', () => {
    const small = chain(
      8,
      () => new nn.ReLU(),
      ({ weight }) => weight.mul_(0.2),
    )
    const [found] = named(flowOf(small), 'vanishing')
    expect(found.evidence).not.toContain('slope')
    expect(found.remedy).toContain('Start with larger weights')
  })
  it('names the saturated layer between', () => {
    const net = chain(4, () => new nn.Tanh())
    noGrad(() => (net[2] as nn.Linear).bias!.add_(8))
    const [found] = named(flowOf(net), 'vanishing')
    expect(found.evidence).toMatch(/(9\d|100) % of the tanh values in 3 are saturated/)
  })
  it('a recurrent layer that forgets its first steps', () => {
    const rnn = new nn.RNN(3, 8, { batchFirst: true })
    noGrad(() => recurrentWeight(rnn).mul_(0.2))
    const input = randn([16, 40, 3])
    const [found] = named(
      flow(rnn, () => rnn.forward(input)[1].square().mean()),
      'vanishing',
    )
    expect(found.evidence).toMatch(/Along the steps of RNN the gradient falls from .* \d+ of 40 activations/)
    expect(found.remedy).toContain('nn.LSTM')
  })
  it('silent: the same depth with residual paths', () => {
    class Residual extends nn.Module {
      layers = Array.from({ length: 10 }, () => new nn.Linear(8, 8))
      out = new nn.Linear(8, 1)
      forward(input: Tensor): Tensor {
        return this.out.forward(this.layers.reduce((h, layer) => h.add(layer.forward(h).sigmoid()), input))
      }
    }
    silent(flowOf(new Residual()))
  })
  it('silent: the same depth with relu and Kaiming weights', () => {
    silent(flowOf(chain(10, () => new nn.ReLU(), kaiming)))
  })
  it('silent: zeros that were put there, as at the end of a residual branch', () => {
    const net = chain(3, () => new nn.Tanh())
    nn.init.zeros_((net[6] as nn.Linear).weight)
    silent(flowOf(net))
  })
})
