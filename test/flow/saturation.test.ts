/** Activations on their flat sides. */
import { beforeEach, describe, expect, it } from 'vitest'
import { flow } from '../../src/explain/flow/index.ts'
import { manualSeed, noGrad, ones, type Tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { chain, flowOf, inputs, named, silent } from './cases.ts'

beforeEach(() => manualSeed(1))

describe('saturation', () => {
  it('inputs that were not scaled', () => {
    const net = chain(1, () => new nn.Tanh())
    const [found] = named(flowOf(net, inputs().mul(1000)), 'saturation')
    expect(found.severity).toBe('problem')
    expect(found.where.layers).toEqual(['1'])
    expect(found.evidence).toMatch(/^> 99 % of the tanh values in 1 are saturated: .* below 1 % of the largest, 1\./)
    expect(found.remedy).toContain('nn.LayerNorm')
  })
  it('functional calls between modules', () => {
    class Net extends nn.Module {
      fc1 = new nn.Linear(8, 16)
      fc2 = new nn.Linear(16, 1)
      forward(input: Tensor): Tensor {
        return this.fc2.forward(this.fc1.forward(input).mul(300).sigmoid())
      }
    }
    const [found] = named(flowOf(new Net()), 'saturation')
    expect(found.where.layers).toEqual(['fc1 → sigmoid'])
  })
  it('silent: the output of a classifier that is sure', () => {
    const net = new nn.Sequential(new nn.Linear(8, 1), new nn.Sigmoid())
    noGrad(() => (net[0] as nn.Linear).weight.mul_(100))
    const input = inputs()
    silent(flow(net, () => nn.bceLoss(net.forward(input), ones([64, 1]).mul(0.5))))
  })
  it('silent: inputs of variance 1', () => silent(flowOf(chain(1, () => new nn.Tanh()))))
})
