/** Steps that are too large. */
import { beforeEach, describe, expect, it } from 'vitest'
import { flow } from '../../src/explain/flow/index.ts'
import { manualSeed, randint } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'
import { chain, inputs, named, only, silent, targets } from './cases.ts'

beforeEach(() => manualSeed(1))

describe('learning rate', () => {
  const model = () => chain(2, () => new nn.Tanh())
  it('a step that overshoots', () => {
    const net = model()
    const [input, target] = [inputs(), targets()]
    const run = () => nn.mseLoss(net.forward(input), target)
    const found = only(flow(net, run, { lr: 50 }), 'learning-rate')
    expect(found.evidence).toMatch(
      /^One step with lr = 50 takes the loss of the same batch from .* where the gradient promised -/,
    )
    expect(found.remedy).toMatch(/optimizer\.paramGroups\[0\]\.lr = 0\.\d/)
    silent(flow(net, run, { lr: 0.01 }))
  })
  it('the same with an optimizer', () => {
    const net = model()
    const [input, target] = [inputs(), targets()]
    const run = () => nn.mseLoss(net.forward(input), target)
    expect(
      named(flow(net, run, { optimizer: new optim.Adam(net.parameters(), { lr: 3 }) }), 'learning-rate'),
    ).toHaveLength(1)
    silent(flow(net, run, { optimizer: new optim.Adam(net.parameters(), { lr: 1e-3 }) }))
  })
  it('optimizers that look at several points', () => {
    const net = model()
    const [input, target] = [inputs(), targets()]
    const optimizer = new optim.LBFGS(net.parameters(), { lineSearchFn: 'strong_wolfe' })
    const found = flow(net, () => nn.mseLoss(net.forward(input), target), { optimizer })
    silent(found)
    expect(found.parameters[0].ratio).toBeGreaterThan(0)
  })
  it('silent: a function that takes another batch each time proves nothing', () => {
    const net = model()
    const batches = [inputs(), inputs().mul(100), inputs().mul(100), inputs().mul(100)]
    const target = targets()
    const found = flow(net, () => nn.mseLoss(net.forward(batches.shift()!), target), { lr: 1e-4 })
    expect(named(found, 'learning-rate')).toEqual([])
  })
  it('silent: dropout, whose random numbers are the same again', () => {
    const net = new nn.Sequential(new nn.Linear(8, 64), new nn.Dropout(0.5), new nn.ReLU(), new nn.Linear(64, 3))
    const [input, target] = [inputs(), randint(0, 3, [64])]
    silent(flow(net, () => nn.crossEntropy(net.forward(input), target), { lr: 0.01 }))
  })
})
