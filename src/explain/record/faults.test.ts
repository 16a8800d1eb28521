/** What a recording says of numbers that are none, of calls that failed, and of values that have changed. */
import { describe, expect, it } from 'vitest'
import { noGrad, type Tensor, tensor } from '../../index.ts'
import * as nn from '../../nn/index.ts'
import * as optim from '../../optim/index.ts'
import { explainRecorded } from '../explanation/explain-recorded.ts'
import { record } from './record.ts'

const leaf = (data: number | number[], name: string): Tensor => tensor(data, { requiresGrad: true, name })

describe('numbers that are not finite', () => {
  const sqrt = record(() => leaf([1, -1, 0.25, 4, -4, 0], 'p').sqrt().sum().backward())

  it('are told in every step', () => {
    expect(sqrt.steps.map(({ text }) => text)).toEqual([
      'Given: p = [6] -4 to 4.',
      'sqrt(p) gives v1 = [6] 0 to 2, 2 NaN.',
      'sum(v1) gives v2 = NaN.',
      'Backward starts: ∂v2/∂v2 = 1.',
      'sum: v2 has the gradient 1; it sends [6] 1 to 1 to v1.',
      'sqrt: v1 has the gradient [6] 1 to 1; it sends [6] 0.25 to 1, 2 NaN, 1 ∞ to p.',
    ])
  })

  it('are told in the table, and are part of the norms at the arrows', () => {
    expect(sqrt.toMarkdown()).toContain('2 NaN, 1 ∞')
    expect(sqrt.toSvg()).toContain('‖·‖ NaN')
  })

  it('may be all there are', () => {
    const all = record(() => leaf([-1, -2, -3, -4, -5], 'p').log())
    expect(all.nodes[1].value.size).toBe(5)
    expect(all.steps[1].text).toBe('log(p) gives v1 = [5] 5 NaN.')
    expect(record(() => leaf([], 'p').log()).steps[1].text).toBe('log(p) gives v1 = [].')
  })
})

describe('a parameter that an optimizer changes', () => {
  it('keeps its name from call to call, with its number', () => {
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1))
    const adam = new optim.Adam(model.parameters(), { lr: 0.1 })
    const recording = record(() => {
      for (let i = 0; i < 3; i++) {
        adam.zeroGrad()
        model
          .forward(tensor([[1, 2]]))
          .square()
          .sum()
          .backward()
        adam.step()
      }
    })
    const names = recording.nodes.filter(({ kind }) => kind === 'parameter').map(({ name }) => name)
    const keys = ['0.weight', '0.bias', '2.weight', '2.bias']
    expect(names).toEqual(['', '#2', '#3'].flatMap((version) => keys.map((key) => key + version)))
    const { id } = recording.nodes.find(({ name }) => name === '2.weight#3')!
    const told = explainRecorded(recording, { node: recording.nodes.length - 1, index: 0 }, { node: id, index: 1 })
    expect(told.toText()).toContain('2.weight[0,1]')
  })

  it('keeps the number that it has for a name', () => {
    const w = tensor(2, { requiresGrad: true })
    const sgd = new optim.SGD([w], { lr: 0.1 })
    const { nodes } = record(() => {
      for (let i = 0; i < 2; i++) {
        w.square().backward()
        sgd.step()
      }
    })
    expect(nodes.map(({ name }) => name)).toEqual(['v1', 'v2', 'v1#2', 'v3'])
  })
})

describe('a call of backward that failed', () => {
  const program = () => {
    const w = leaf(3, 'w')
    const v = w.square()
    v.backward()
    expect(() => v.mul(2).backward()).toThrow('were freed by an earlier backward')
  }

  it('leaves no steps and no gradient', () => {
    const recording = record(program)
    expect(recording.calls.length).toBe(1)
    expect(recording.steps.map(({ phase }) => phase)).toEqual(['leaves', 'forward', 'forward', 'seed', 'backward'])
    expect(recording.nodes.map((node) => node.gradient()?.item() ?? null)).toEqual([6, 1, null])
    expect(recording.toTrace().nodes.map(({ gradients }) => gradients.length)).toEqual([1, 1, 0])
  })

  it('is not the last one, where that is asked for', () => {
    const { nodes } = record(program, { call: 'last' })
    expect(nodes.map((node) => node.gradient()?.item() ?? null)).toEqual([6, 1])
  })
})

describe('operations that nothing is recorded of', () => {
  it('are counted, without those of backward', () => {
    const w = leaf(3, 'w')
    const seen = record(() => noGrad(() => w.sub(w.mul(0.1))))
    expect([seen.nodes.length, seen.unrecorded]).toEqual([0, 2])
    expect(seen.toText()).toContain('2 ops were applied')
    expect(record(() => w.square().backward()).unrecorded).toBe(0)
    expect(record(() => 1).toText()).toContain('no op was applied to a tensor')
  })
})
