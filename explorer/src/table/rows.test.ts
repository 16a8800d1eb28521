import { tensor } from 'chainrule'
import { record, type TraceTensor } from 'chainrule/explain'
import { describe, expect, it } from 'vitest'
import { knownAt } from '../model/steps.ts'
import { ordered, rowsOf } from './rows.ts'

/** L = (w x)², with w = -3, x = 2: v1 = -6, L = 36, ∂L/∂v1 = -12, ∂L/∂w = -24. */
const trace = record(() => {
  const w = tensor(-3, { requiresGrad: true, name: 'w' })
  const x = tensor(2, { name: 'x' })
  w.mul(x).square().backward()
}).toTrace()

const at = (step: number) => rowsOf(trace, knownAt(trace, step))
const one = (tensor: TraceTensor | null) => tensor?.data?.[0] ?? null

describe('rows', () => {
  it('know after each step what is known then, and nothing more', () => {
    const told = (step: number) => at(step).map(({ value, gradient }) => [one(value), one(gradient)])
    expect(told(0)).toEqual([
      [-3, null],
      [2, null],
      [null, null],
      [null, null],
    ])
    expect(told(2)).toEqual([
      [-3, null],
      [2, null],
      [-6, null],
      [36, null],
    ])
    expect(told(3)).toEqual([
      [-3, null],
      [2, null],
      [-6, null],
      [36, 1],
    ])
    expect(told(5)).toEqual([
      [-3, -24],
      [2, null],
      [-6, -12],
      [36, 1],
    ])
  })

  it('have a local derivative and a contribution per operand', () => {
    const [, , product] = at(5)
    expect(product.operands.map(({ name, local, sent }) => [name, one(local), one(sent)])).toEqual([
      ['w', 2, -24],
      ['x', -3, null],
    ])
  })

  it('have at each step the gradients of its call of backward', () => {
    const twice = record(() => {
      const x = tensor(3, { requiresGrad: true, name: 'x' })
      x.square().backward()
      x.mul(5).backward()
    }).toTrace()
    const slopes = twice.steps.map((_, step) => one(rowsOf(twice, knownAt(twice, step))[0].gradient))
    expect(slopes.filter((slope, step) => slope !== slopes[step - 1])).toEqual([null, 6, null, 5])
  })

  it('are sorted by a column; what is not known comes first', () => {
    const names = (rows: ReturnType<typeof at>) => rows.map(({ node }) => node.name)
    expect(names(ordered(at(5), { by: 'value', descending: true }))[0]).toBe(trace.nodes[3].name)
    expect(names(ordered(at(5), { by: 'gradient', descending: false }))[0]).toBe('x')
    expect(names(ordered(at(5), { by: 'name', descending: true }))[0]).toBe('x')
    expect(names(ordered(at(5), { by: 'step', descending: false }))).toEqual(trace.nodes.map(({ name }) => name))
  })
})
