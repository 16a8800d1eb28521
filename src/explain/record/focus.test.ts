/** Recordings of one call of backward: long programs fit, and only what that call went over is told. */
import { describe, expect, it } from 'vitest'
import { noGrad, type Tensor, tensor } from '../../tensor/index.ts'
import { explain } from '../explanation/explain.ts'
import '../../functional/fluent.ts'
import { record } from './record.ts'
import type { Recording } from './recording.ts'

const parameter = (name = 'w'): Tensor => tensor(2, { requiresGrad: true, name, dtype: 'float64' })
const told = ({ nodes }: Recording) => nodes.map(({ name, value }) => [name, value.item()])

describe('record with { call }', () => {
  /** A loop that changes its parameter and computes something on the side. */
  function train(steps: number, w = parameter()): Tensor {
    for (let step = 0; step < steps; step++) {
      w.grad = null
      const loss = w.square().mul(3)
      loss.name = 'loss'
      w.mul(1000).exp()
      loss.backward()
      noGrad(() => w.mul_(tensor(0.5, { dtype: 'float64' })))
      w.exp()
    }
    return w
  }

  it('keeps the last one of a loop of any length', () => {
    const recording = record(() => train(5), { call: 'last', maxNodes: 12 })
    expect(told(recording)).toEqual([
      ['w', 0.125],
      ['v1', 0.015625],
      ['loss', 0.046875],
    ])
    expect(recording.calls).toHaveLength(1)
    expect(recording.dropped).toBe(0)
    expect(recording.nodes[0].gradient()?.item()).toBe(0.75)
    expect(explain(recording.calls[0].roots[0], recording.value, [], { names: recording }).gradient).toBe(0.75)
  })

  it('keeps the one of a number, and nothing from after it', () => {
    const recording = record(() => train(4), { call: 2 })
    expect(told(recording)).toEqual([
      ['w', 1],
      ['v1', 1],
      ['loss', 3],
    ])
  })

  it('knows what was computed before other calls', () => {
    const recording = record(
      () => {
        const [v, w] = [parameter('v'), parameter()]
        const [first, second] = [v.square(), w.exp()]
        first.backward()
        second.backward()
      },
      { call: 'last' },
    )
    expect(recording.nodes.map(({ name, op }) => [name, op])).toEqual([
      ['w', null],
      ['v1', 'exp'],
    ])
  })

  it('has the gradients of that call alone, also where several came by', () => {
    const twice = (call?: 1 | 'last') =>
      record(
        () => {
          const y = parameter().square()
          y.backward(null, { retainGraph: true })
          y.backward(tensor(10, { dtype: 'float64' }))
        },
        { call },
      )
        .nodes[0].gradient()
        ?.item()
    expect([twice(), twice(1), twice('last')]).toEqual([44, 4, 40])
  })

  it('says how much of a call did not fit', () => {
    const recording = record(() => parameter().square().square().square().square().backward(), {
      call: 'last',
      maxNodes: 3,
    })
    expect(recording.dropped).toBe(2)
  })

  it('keeps what there was, if there was no call', () => {
    expect(told(record(() => parameter().square(), { call: 'last' }))).toHaveLength(2)
  })

  it('takes nothing else', () => {
    expect(() => record(() => 0, { call: 0 })).toThrow("record: call is 'last' or the number of a call, from 1, got 0")
  })
})
