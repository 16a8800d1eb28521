/** Which elements read an element: the terms of all kinds of operations add up to the gradient, however large they are. */
import { einsum, manualSeed, ones, randn, type Tensor, tensor } from 'chainrule'
import { record } from 'chainrule/explain'
import { describe, expect, it, test } from 'vitest'
import { abbreviated, derivationOf } from './terms.ts'

/** The terms of every element of the first parameter. */
function termsOf(shape: readonly number[], program: (x: Tensor) => Tensor) {
  manualSeed(1)
  const trace = record(() => {
    const x = randn(shape, { requiresGrad: true, name: 'x' })
    const y = program(x)
    // Another cotangent for each element.
    y.mul(randn(y.shape)).sum().backward()
  }).toTrace({ maxElements: 4096 })
  const node = trace.nodes.findIndex(({ name }) => name === 'x')
  const size = shape.reduce((product, n) => product * n, 1)
  return Array.from({ length: size }, (_, index) => derivationOf(trace, { node, index }, 0))
}

describe('the elements that read one', () => {
  test.each<[string, readonly number[], number, (x: Tensor) => Tensor]>([
    ['a matrix product, on the left', [3, 4], 20, (x) => x.matmul(randn([4, 20]))],
    ['a matrix product, on the right', [4, 3], 40, (x) => randn([40, 4]).matmul(x)],
    ['a batch of them', [2, 2, 3], 5, (x) => x.matmul(randn([2, 3, 5]))],
    ['an index string that sums what the result lacks', [2, 3], 1, (x) => einsum('ij,jk->i', x, randn([3, 4]))],
    ['three operands', [2, 3], 8, (x) => einsum('ij,jk,kl->il', x, randn([3, 4]), randn([4, 8]))],
    ['a row that is added to all', [3], 50, (x) => randn([50, 3]).add(x)],
    ['a column that multiplies all', [50, 1], 3, (x) => randn([50, 3]).mul(x)],
    ['a sum over rows', [40, 3], 1, (x) => x.sum(0)],
    ['a mean that keeps its dimension', [4, 12], 1, (x) => x.mean(1, { keepdim: true })],
    ['a product over rows', [4, 3], 1, (x) => x.prod(0)],
  ])('of %s', (_, shape, readers, program) => {
    for (const { terms, gradient } of termsOf(shape, program)) {
      expect(terms.length).toBe(readers)
      expect(terms.every(({ at, local }) => at !== null && local !== null)).toBe(true)
      const sum = terms.reduce((all, { upstream, local }) => all + upstream! * local!, 0)
      expect(Math.abs(sum - gradient!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(gradient!)))
    }
  })

  it('are six and the sum of the others, where they are many', () => {
    const [first] = termsOf([4, 3], (x) => randn([100, 4]).matmul(x))
    const { shown, more, rest } = abbreviated(first.terms)
    expect([shown.length, more]).toEqual([6, 94])
    const size = (x: number | null) => Math.abs(x!)
    const least = Math.min(...shown.map(({ contribution }) => size(contribution)))
    const others = first.terms.filter((term) => !shown.includes(term))
    expect(others.every(({ contribution }) => size(contribution) <= least)).toBe(true)
    const sum = shown.reduce((all, { contribution }) => all + contribution!, rest)
    expect(sum).toBeCloseTo(first.gradient!, 4)
  })

  it('are known where the factors are not listed', () => {
    const trace = record(() => {
      const x = randn([100, 2], { requiresGrad: true, name: 'x' })
      randn([50, 100]).matmul(x).sum().backward()
    }).toTrace({ maxElements: 4096 })
    const node = trace.nodes.findIndex(({ name }) => name === 'x')
    const { terms, gradient } = derivationOf(trace, { node, index: 1 }, 0)
    expect(terms).toMatchObject([{ at: null, contribution: gradient }])
    expect(terms[0].readers).toEqual(Array.from({ length: 50 }, (_, i) => 2 * i + 1))
    const part = { ...terms[0], at: 1, contribution: 2 }
    const { shown, more, rest } = abbreviated([part, { ...terms[0], others: 49, contribution: 3 }])
    expect([shown, more, rest]).toEqual([[part], 49, 3])
  })

  it('are one term together where the trace does not list what came', () => {
    const trace = record(() => {
      const x = tensor([1], { requiresGrad: true, name: 'x' })
      x.mul(ones([5000]))
        .sum()
        .backward()
    }).toTrace({ maxElements: 4096 })
    const node = trace.nodes.findIndex(({ name }) => name === 'x')
    expect(derivationOf(trace, { node, index: 0 }, 0).terms).toMatchObject([{ at: null, contribution: 5000 }])
  })
})
