/** NaN and infinities: where the first comes from. */
import { beforeEach, describe, expect, it } from 'vitest'
import { flow } from '../../src/explain/flow/index.ts'
import { manualSeed, noGrad, ones, randn, type Tensor, tensor, where } from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import { flowOf, inputs, named, only, silent } from './cases.ts'

beforeEach(() => manualSeed(1))

describe('untaken branch', () => {
  const w = () => tensor([0, 1, 2], { requiresGrad: true, name: 'w' })
  it.each<[string, (w: Tensor) => Tensor]>([
    ['log', (w) => where(w.gt(0), w.log(), 0)],
    ['sqrt', (w) => where(w.gt(0), w.sqrt(), w)],
    ['div', (w) => where(w.ne(0), ones([3]).div(w), 0)],
  ])('where over %s', (op, f) => {
    const leaf = w()
    const found = only(
      flow(() => f(leaf).sum()),
      'untaken-branch',
    )
    expect(found.evidence).toMatch(
      new RegExp(`^where at non-finite.test.ts:\\d+ takes the other branch for 1 of 3 elements, .* ${op} at `),
    )
    expect(found.evidence).toContain('w = 0')
    expect(found.remedy).toContain(`where(ok, where(ok, x, 1).${op}(), other)`)
    expect(found.where.source).toMatch(/non-finite\.test\.ts:\d+:\d+$/)
  })
  it('a choice made by a flat function', () => {
    const leaf = w()
    const found = only(
      flow(() => leaf.log().clamp({ min: -5 }).sum()),
      'untaken-branch',
    )
    expect(found.evidence).toContain('is flat at 1 of 3 elements')
    expect(found.remedy).toContain('x.clamp({ min: 1e-6 }).log()')
  })
  it('silent: the operand is guarded too', () => {
    const leaf = w()
    const ok = leaf.detach().gt(0)
    silent(flow(() => where(ok, where(ok, leaf, 1).log(), 0).sum()))
  })
  it('silent: the branch is taken, so that its NaN is its own', () => {
    const leaf = w()
    expect(
      named(
        flow(() => where(leaf.ge(0), leaf.sqrt(), 0).sum()),
        'untaken-branch',
      ),
    ).toEqual([])
  })
})

describe('singular point', () => {
  const leaf = (values: number[]) => tensor(values, { requiresGrad: true, name: 'p' })
  it('a logarithm of 0, by element and name', () => {
    const p = leaf([0.5, 0, 1])
    const found = only(
      flow(() => p.log().sum()),
      'singular-point',
    )
    expect(found.evidence).toMatch(/that of log at non-finite\.test\.ts:\d+ of p = 0: element \[1\] is -∞; 1 of 3/)
    expect(found.remedy).toContain('nn.crossEntropy')
    expect(found.data).toMatchObject({ phase: 'forward', cause: 'singular', op: 'log', index: [1], value: '-Infinity' })
  })
  it('follows a NaN back to the division that made it', () => {
    const p = leaf([1, 2])
    const found = flow(() => p.sub(p).div(p.sub(p)).exp().mul(3).sum())
    expect(only(found, 'singular-point').data).toMatchObject({ op: 'div', index: [0], value: 'NaN' })
    expect(found.firstNonFinite?.operands.map(({ value }) => value)).toEqual([0, 0])
  })
  it('the slope of a root at 0', () => {
    const p = leaf([4, 0])
    const found = only(
      flow(() => p.sqrt().sum()),
      'singular-point',
    )
    expect(found.evidence).toContain('The loss is finite, but the slope of sqrt')
    expect(found.data).toMatchObject({ phase: 'backward', index: [1] })
  })
  it('a logarithm of a negative number', () => {
    const p = leaf([1, -1])
    expect(
      only(
        flow(() => p.log().sum()),
        'singular-point',
      ).data,
    ).toMatchObject({ cause: 'domain', index: [1] })
  })
  it('says in which module', () => {
    class Bad extends nn.Module {
      fc = new nn.Linear(8, 4)
      forward(input: Tensor): Tensor {
        return this.fc.forward(input).relu().log()
      }
    }
    const found = flowOf(new nn.Sequential(new nn.Linear(8, 8), new Bad()), inputs(), randn([64, 4]))
    expect(named(found, 'singular-point')[0].evidence).toMatch(
      /^The first result that is not finite is that of log in 1 at/,
    )
  })
  it('silent: kept away from 0', () => {
    const p = leaf([0.5, 0, 1])
    silent(flow(() => p.add(1e-6).log().sum()))
  })
  it('silent: infinities of a mask that does no harm', () => {
    const p = leaf([1, 2, 3])
    const mask = tensor([0, -Infinity, 0])
    silent(flow(() => p.add(mask).softmax(0).at(2)))
  })
})

describe('overflow', () => {
  it('an exponential', () => {
    const p = tensor([1, 1000], { requiresGrad: true, name: 'p' })
    const found = only(
      flow(() => p.exp().sum()),
      'overflow',
    )
    expect(found.evidence).toMatch(/that of exp at .* of p = 1000, which is too large: element \[1\] is ∞/)
    expect(found.remedy).toContain('logsumexp')
  })
  it('float32 only', () => {
    const p = tensor([1e30], { requiresGrad: true })
    expect(
      only(
        flow(() => p.square().sum()),
        'overflow',
      ).data,
    ).toMatchObject({ cause: 'overflow' })
    const wide = tensor([1e30], { requiresGrad: true, dtype: 'float64' })
    silent(flow(() => wide.square().sum()))
  })
  it('data', () => {
    const net = new nn.Linear(8, 1)
    const input = inputs()
    input.set([3, 2], Number.NaN)
    input.name = 'input'
    const found = only(flowOf(net, input), 'overflow')
    expect(found.evidence).toContain('input is not finite from the start: element [3, 2] is NaN; 1 of 512')
  })
  it('a parameter that was ruined before', () => {
    const net = new nn.Linear(8, 1)
    noGrad(() => net.weight.mul_(Number.NaN))
    expect(only(flowOf(net), 'overflow').evidence).toContain('weight is not finite from the start')
  })
  it('a row that is masked out as a whole', () => {
    const p = tensor([[1, 2]], { requiresGrad: true })
    const found = flow(() =>
      p
        .maskedFill(tensor([[true, true]]), -Infinity)
        .softmax(-1)
        .sum(),
    )
    expect(only(found, 'overflow').data).toMatchObject({ cause: 'infinities' })
  })
  it('silent: large but finite', () => {
    const p = tensor([1, 80], { requiresGrad: true })
    silent(flow(() => p.exp().sum()))
  })
})
