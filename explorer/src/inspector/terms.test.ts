import { type Tensor, tensor } from 'chainrule'
import { type ExplanationJson, record } from 'chainrule/explain'
import { describe, expect, it, test } from 'vitest'
import { localSession } from '../model/local.ts'
import { factored } from './factored.ts'
import { abbreviated, arrivals, derivationOf, outputOf, rootOf } from './terms.ts'
import { nameTex, numberTex } from './tex.ts'

describe('the terms of a gradient', () => {
  it('are one per slot, and add up to it', () => {
    const trace = record(() => {
      const x = tensor(3, { requiresGrad: true, name: 'x' })
      x.mul(x).add(x).backward()
    }).toTrace()
    const { terms, gradient, seed } = derivationOf(trace, { node: 0, index: 0 }, 0)
    expect(terms.map(({ upstream, local, contribution }) => [upstream, local, contribution])).toEqual([
      [1, 3, 3],
      [1, 3, 3],
      [1, 1, 1],
    ])
    expect([gradient, seed]).toEqual([7, null])
    const root = rootOf(trace, null, 0)
    expect(derivationOf(trace, root, 0)).toMatchObject({ terms: [], seed: 1, gradient: 1 })
  })

  it('are one per element that reads the number, where several do', () => {
    const trace = record(() => {
      const w = tensor([[1, 2]], { requiresGrad: true, name: 'w' })
      const y = w.matmul(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      )
      y.sum().backward()
    }).toTrace()
    const w = trace.nodes.findIndex(({ name }) => name === 'w')
    const { terms, gradient } = derivationOf(trace, { node: w, index: 1 }, 0)
    expect(terms).toMatchObject([
      { at: 0, upstream: 1, local: 3, contribution: 3 },
      { at: 1, upstream: 1, local: 4, contribution: 4 },
    ])
    expect(gradient).toBe(7)
    const y = terms[0].consumer.id
    expect(derivationOf(trace, { node: y, index: 1 }, 0).terms).toMatchObject([{ at: 0, upstream: 1, local: 1 }])
  })

  it('are abbreviated to the six largest and the sum of the others', () => {
    const trace = record(() => {
      const x = tensor(1, { requiresGrad: true, name: 'x' })
      const parts = Array.from({ length: 20 }, (_, i) => x.mul(i))
      parts.reduce((sum, part) => sum.add(part)).backward()
    }).toTrace()
    const { shown, more, rest } = abbreviated(derivationOf(trace, { node: 0, index: 0 }, 0).terms)
    expect(shown.map(({ contribution }) => contribution)).toEqual([14, 15, 16, 17, 18, 19])
    expect([more, rest]).toEqual([14, 91])
  })
})

describe('several calls of backward', () => {
  const { trace } = localSession('test', () => {
    const w = tensor(3, { requiresGrad: true, name: 'w' })
    const y = w.mul(w)
    y.backward(undefined, { retainGraph: true })
    y.backward()
    w.mul(5).backward()
  })
  const w = { node: 0, index: 0 }

  it('have derivations of their own, by what the call came by', () => {
    expect([0, 1, 2].map((call) => derivationOf(trace, w, call).gradient)).toEqual([6, 6, 5])
    expect([0, 1, 2].map((call) => derivationOf(trace, w, call).terms.length)).toEqual([2, 2, 1])
  })

  it('are of one number with the seed 1, or of a sum that has no name', () => {
    expect(outputOf(trace, 0)).toEqual({ node: 1, index: 0 })
    const of = (program: () => void) => outputOf(record(program).toTrace(), 0)
    const x = () => tensor([1, 2], { requiresGrad: true })
    expect(
      of(() =>
        x()
          .square()
          .backward(tensor([1, 1])),
      ),
    ).toBeNull()
    expect(of(() => x().sum().backward(tensor(2)))).toBeNull()
    expect(of(() => x().sum().backward())).not.toBeNull()
  })

  it('add up in a leaf, and nowhere else', () => {
    expect(arrivals(trace, w, 0)).toBeNull()
    expect(arrivals(trace, w, 2)).toEqual([6, 6, 5])
    expect(arrivals(trace, { node: 1, index: 0 }, 1)).toBeNull()
  })
})

describe('paths', () => {
  it('of a = a + a, 100 times, are counted exactly within 200 ms', async () => {
    const session = localSession('test', () => {
      let a: Tensor = tensor(1, { requiresGrad: true, name: 'a', dtype: 'float64' })
      for (let i = 0; i < 100; i++) a = a.add(a)
      a.backward()
    })
    const root = rootOf(session.trace, null, 0)
    const timed = async () => {
      const start = process.cpuUsage()
      const explanation = await session.explain(root, { node: 0, index: 0 })
      const tree = factored(explanation)
      const { user, system } = process.cpuUsage(start)
      return { time: (user + system) / 1000, explanation, tree }
    }
    // Time of the processor, the best of a few: the machine may be busy with other things.
    const runs = [await timed(), await timed(), await timed(), await timed()]
    const [{ explanation, tree }] = runs
    expect(Math.min(...runs.map(({ time }) => time))).toBeLessThan(200)
    expect(explanation.pathCount).toBe('1267650600228229401496703205376')
    expect(explanation.agrees).toBe(true)
    expect(tree.inside.length).toBeGreaterThan(0)
  })

  it('that begin alike share a branch, and the branches add up', () => {
    const factor = (of: string, wrt: string, value: number) => ({ of, wrt, value, formula: String(value) })
    const paths = [
      { product: 6, factors: [factor('L', 'h', 2), factor('h', 'x', 3)] },
      { product: 8, factors: [factor('L', 'h', 2), factor('h', 'x', 4)] },
    ]
    const tree = factored({ paths } as unknown as ExplanationJson)
    expect(tree.inside).toHaveLength(1)
    expect(tree.inside[0].inside).toHaveLength(2)
    expect(tree.total).toBe(14)
  })
})

describe('TeX', () => {
  test.each([
    ['w', 'w'],
    ['w12', 'w_{12}'],
    ['relu_out', '\\text{relu\\_out}'],
    ['\\frac{', '\\text{\\textbackslash frac\\{}'],
    ['<img onerror>', '\\text{<img onerror>}'],
  ])('of the name %s', (name, expected) => {
    expect(nameTex(name)).toBe(expected)
  })

  it('of numbers', () => {
    expect([0.5, -1.2e-7, 'NaN', '-Infinity', null].map((x) => numberTex(x as number))).toEqual([
      '0.5',
      '-1.2\\cdot 10^{-7}',
      '\\text{NaN}',
      '-\\infty ',
      '\\text{—}',
    ])
  })
})
