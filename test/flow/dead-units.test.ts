/** Units that pass nothing, counted per feature or channel. */
import { beforeEach, describe, expect, it } from 'vitest'
import { flow } from '../../src/explain/flow/index.ts'
import { manualSeed, noGrad, randn, type Tensor, tensor } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { chain, flowOf, inputs, named, only, silent, targets } from './cases.ts'

beforeEach(() => manualSeed(1))

describe('dead units', () => {
  it('a bias that holds a layer down', () => {
    const net = chain(2, () => new nn.ReLU())
    noGrad(() => (net[0] as nn.Linear).bias!.sub_(20))
    const found = only(flowOf(net), 'dead-units')
    expect(found.severity).toBe('problem')
    expect(found.where.layers).toEqual(['1'])
    expect(found.evidence).toMatch(
      /^32 of 32 units of 1 \(100 %\) are dead: the slope of relu is exactly 0 for all 64 values/,
    )
    expect(found.remedy).toContain('nn.LeakyReLU')
  })
  it('counts channels of images, also where they come through a batch norm', () => {
    const conv = new nn.Conv2d(1, 6, 3)
    const norm = new nn.BatchNorm2d(6)
    const net = new nn.Sequential(conv, norm, new nn.ReLU(), new nn.Flatten(), new nn.Linear(6 * 36, 1))
    noGrad(() => norm.bias!.assign(tensor([-9, -9, -9, -9, -9, 0])))
    const [found] = named(flowOf(net, randn([16, 1, 8, 8]), randn([16, 1])), 'dead-units')
    expect(found.evidence).toMatch(/^5 of 6 units/)
  })
  it('counts channels of sequences by the bias that is added to them', () => {
    const conv = new nn.Conv1d(2, 5, 3)
    const net = new nn.Sequential(conv, new nn.ReLU(), new nn.Flatten(), new nn.Linear(5 * 18, 1))
    noGrad(() => conv.bias!.assign(tensor([-90, -90, -90, -90, 0])))
    const [found] = named(flowOf(net, randn([16, 2, 20]), randn([16, 1])), 'dead-units')
    expect(found.evidence).toMatch(/^4 of 5 units/)
  })
  it('sees relu by whatever name: maximum(x, 0) and clamp', () => {
    const fc = new nn.Linear(8, 16)
    noGrad(() => fc.bias!.sub_(20))
    const input = inputs()
    for (const gate of [(h: Tensor) => h.maximum(0), (h: Tensor) => h.clamp({ min: 0 }), (h: Tensor) => h.relu6()]) {
      const [found] = named(
        flow(fc, () => gate(fc.forward(input)).mean()),
        'dead-units',
      )
      expect(found.where.layers?.[0]).toMatch(/^Linear → (maximum|clamp|relu6)$/)
    }
  })
  it('a whole layer that is off, also for a few samples', () => {
    const net = chain(2, () => new nn.ReLU())
    noGrad(() => (net[0] as nn.Linear).bias!.sub_(20))
    expect(named(flowOf(net, inputs().narrow(0, 0, 4), targets().narrow(0, 0, 4)), 'dead-units')).toHaveLength(1)
  })
  it('silent: fewer samples than say anything', () => {
    const net = new nn.Sequential(new nn.Linear(8, 4), new nn.ReLU(), new nn.Linear(4, 1))
    noGrad(() => (net[0] as nn.Linear).bias!.sub_(20))
    silent(flowOf(net, inputs().narrow(0, 0, 1), targets().narrow(0, 0, 1)))
  })
  it('silent: half of all values are off, but no unit always is', () => {
    silent(flowOf(chain(2, () => new nn.ReLU())))
  })
})
