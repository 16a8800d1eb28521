/** Parameters without a gradient, and why. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type Finding, flow } from '../../src/explain/flow/index.ts'
import { manualSeed, noGrad, zeros } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { Between, flowOf, inputs, named, only, silent } from './cases.ts'

beforeEach(() => manualSeed(1))

describe('no gradient', () => {
  const first = ['fc1.weight', 'fc1.bias']
  const reason = (found: Finding) => found.data.reason
  it('unused', () => {
    class Net extends Between {
      extra = new nn.Linear(2, 2)
    }
    const found = only(flowOf(new Net((h) => h.tanh())), 'no-gradient')
    expect(reason(found)).toBe('unused')
    expect(found.where.parameters).toEqual(['extra.weight', 'extra.bias'])
    expect(found.evidence).toBe('No operation of this pass read extra.weight and extra.bias.')
  })
  it('detached, with the line', () => {
    const found = only(flowOf(new Between((h) => h.detach().tanh())), 'no-gradient')
    expect(reason(found)).toBe('detached')
    expect(found.where.parameters).toEqual(first)
    expect(found.where.source).toMatch(/no-gradient\.test\.ts:\d+:\d+$/)
    expect(found.evidence).toMatch(/reach the loss through detach\(\) in Between at no-gradient\.test\.ts:\d+/)
  })
  it('read inside of noGrad', () => {
    const found = only(flowOf(new Between((h) => noGrad(() => h.tanh()))), 'no-gradient')
    expect(reason(found)).toBe('noGrad')
    expect(found.evidence).toContain('tanh')
  })
  it('integers', () => {
    const found = only(flowOf(new Between((h) => h.toInt32().toFloat32())), 'no-gradient')
    expect(reason(found)).toBe('notDifferentiable')
    expect(found.evidence).toMatch(/through toInt32 .* whose int32 result/)
  })
  it('flags', () => {
    const found = only(flowOf(new Between((h) => h.gt(0).toFloat32())), 'no-gradient')
    expect(found.evidence).toContain('whose bool result')
  })
  it('rounding, with a straight-through estimator as the remedy', () => {
    const found = only(flowOf(new Between((h) => h.round())), 'no-gradient')
    expect(reason(found)).toBe('flat')
    expect(found.remedy).toContain('x.add(x.round().sub(x).detach())')
    silent(flowOf(new Between((h) => h.add(h.round().sub(h).detach()))))
  })
  it('written into a buffer outside of the tape', () => {
    const buffer = zeros([64, 16])
    const found = only(flowOf(new Between((h) => noGrad(() => buffer.assign(h)).mul(1))), 'no-gradient')
    expect(found.where.parameters).toEqual(first)
  })
  it('computed but not used', () => {
    const found = only(flowOf(new Between((h) => zeros(h.shape))), 'no-gradient')
    expect(reason(found)).toBe('lost')
    expect(found.severity).toBe('warning')
  })
  it('a loss without a history', () => {
    const net = new Between((h) => h.tanh())
    const input = inputs()
    const found = flow(net, () => noGrad(() => net.forward(input).mean()))
    expect(reason(only(found, 'no-gradient'))).toBe('noGrad')
    const bare = flow(() => input.mean())
    expect(only(bare, 'no-gradient').evidence).toContain('requires no gradient')
  })
  it('a gradient that is exactly 0 everywhere', () => {
    const net = new nn.Linear(8, 1)
    const input = inputs()
    const [found] = named(
      flow(net, () => net.forward(input).clamp({ max: -50 }).mean().add(51)),
      'no-gradient',
    )
    expect(found.evidence).toBe('The gradient of every parameter is exactly 0, although the loss is 1.')
    silent(flow(net, () => net.forward(input).mul(0).sum()))
  })
  it('silent: everything is used', () => silent(flowOf(new Between((h) => h.tanh()))))
  it('silent: frozen on purpose', () => {
    const net = new Between((h) => h.tanh())
    net.fc1.requiresGrad_(false)
    silent(flowOf(net))
  })
  it('silent: another network as a fixed teacher', () => {
    const student = new Between((h) => h.tanh())
    const teacher = new Between((h) => h.tanh())
    const input = inputs()
    silent(flow(student, () => nn.mseLoss(student.forward(input), teacher.forward(input).detach())))
  })
  it('silent: a part that is also used with its derivative', () => {
    silent(flowOf(new Between((h) => h.tanh().add(h.detach()))))
  })
})
