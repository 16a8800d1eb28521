/** Explanations where a wrong number would be easy: values that changed since, kinks, rounding, functions of users, names. */
import { describe, expect, it } from 'vitest'
import { type Explanation, explain, record } from '../../src/explain/index.ts'
import {
  checkpoint,
  defineFunction,
  dropout,
  gradients,
  manualSeed,
  noGrad,
  rand,
  randn,
  scaledDotProductAttention,
  slogdet,
  type Tensor,
  tensor,
} from '../../src/index.ts'
import * as nn from '../../src/nn/index.ts'
import * as optim from '../../src/optim/index.ts'

type Data = Parameters<typeof tensor>[0]
const leaf = (data: Data, name?: string): Tensor => tensor(data, { dtype: 'float64', requiresGrad: true, name })
const given = (data: Data, name?: string): Tensor => tensor(data, { dtype: 'float64', name })
const named = (name: string, x: Tensor): Tensor => Object.assign(x, { name })
/** [gradient, sum], where all three agree. */
const sure = (e: Explanation): number[] => {
  expect(e.agrees, `${e.gradient}, sum ${e.sum}, numeric ${e.numeric}`).toBe(true)
  return [e.gradient, e.sum]
}

describe('a recording keeps what values were', () => {
  it('of views of a parameter, after the optimizer has written into it', () => {
    const [w, x] = [
      leaf([
        [1, 2],
        [3, 4],
      ]),
      leaf([[1, 1]]),
    ]
    const sgd = new optim.SGD([w], { lr: 0.1 })
    const { value } = record(() => {
      const loss = x.matmul(w.T).add(x.matmul(w.detach())).square().sum()
      loss.backward()
      sgd.step()
      return loss
    })
    expect(sure(explain(value, x, [0, 0]))[0]).toBe(x.grad!.at(0, 0).item())
    expect(sure(explain(value, w, [1, 0]))[0]).toBe(w.grad!.at(1, 0).item())
  })

  it('of buffers, results and gradients that are written into when it has ended', () => {
    const [w, b] = [leaf([1, 2], 'w'), given([3, 4], 'b')]
    const recording = record(() => {
      const h = w.mul(b)
      const loss = h.square().sum()
      loss.backward()
      return { h, loss }
    })
    const { h, loss } = recording.value
    b.mul_(10)
    noGrad(() => h.zero_())
    noGrad(() => loss.fill_(7))
    w.grad!.zero_()
    const e = explain(loss, w, [1])
    expect(sure(e)).toEqual([64, 64])
    expect([e.value, e.at]).toEqual([73, 2])
    expect(recording.nodes.map((node) => node.value.toArray())).toEqual([[1, 2], [3, 4], [3, 8], [9, 64], 73])
    expect(recording.nodes[0].gradient()!.toArray()).toEqual([18, 64])
  })

  it('of a parameter before every step, as a leaf of its own', () => {
    const w = leaf(1, 'w')
    const sgd = new optim.SGD([w], { lr: 0.1 })
    const { nodes } = record(() => {
      for (let i = 0; i < 2; i++) {
        sgd.zeroGrad()
        w.mul(2).square().backward()
        sgd.step()
      }
    })
    const leaves = nodes.filter(({ kind }) => kind === 'parameter')
    expect(leaves.map(({ name }) => name)).toEqual(['w', 'w#2'])
    expect(leaves[1].value.item()).toBeCloseTo(0.2, 12)
    expect(leaves[1].gradient()!.item()).toBeCloseTo(1.6, 12)
  })

  it('whatever backward was asked for: other inputs, another gradient, another value', () => {
    const [u, w] = [leaf(3), leaf(2)]
    const { value: h } = record(() => {
      const inner = w.mul(u).square()
      inner.sin().backward(given(5), { inputs: [u] })
      return inner
    })
    expect(sure(explain(h, w))).toEqual([36, 36])
    const { value: loss } = record(() => {
      const L = w.mul(u)
      gradients(L, u)
      return L
    })
    expect(sure(explain(loss, w))).toEqual([3, 3])
  })

  it('in a recording within a recording, and is not disturbed by being explained', () => {
    const w = leaf(2)
    const outer = record(() => {
      const inner = record(() => w.mul(3).square())
      sure(explain(inner.value, w))
      inner.value.backward()
      return inner.value
    })
    expect(outer.calls.length).toBe(1)
    expect(sure(explain(outer.value, w))).toEqual([36, 36])
  })

  it('explains by every value in between, also by those inside of functions', () => {
    manualSeed(3)
    const layers = [new nn.Linear(3, 4), new nn.LayerNorm([4]), new nn.GELU(), new nn.Linear(4, 3)]
    const model = new nn.Sequential(...layers).to('float64')
    const recording = record(() => {
      const loss = nn.crossEntropy(
        model.forward(randn([2, 3], { dtype: 'float64' })),
        tensor([0, 2], { dtype: 'int32' }),
      )
      loss.backward()
      return loss
    })
    for (const node of recording.nodes) {
      const gradient = node.requiresGrad ? node.gradient() : null
      if (!gradient) continue
      for (const detail of ['function', 'op'] as const) {
        const [g] = sure(explain(recording.value, node.tensor, undefined, { detail }))
        const largest = gradient.abs().max().item()
        expect(Math.abs(Math.abs(g) - largest), `${node.name} ${node.op}`).toBeLessThan(1e-12)
      }
    }
  })
})

describe('the bare tape', () => {
  it('has copies of what was changed as part of a derivative', () => {
    const w = leaf(3, 'w')
    const x = named('x', w.mul(2))
    const before = x.mul(5)
    x.add_(1)
    const e = explain(before.add(x.square()), w)
    expect(sure(e)).toEqual([38, 38])
    const values = e.paths.flatMap(({ factors }) =>
      factors.flatMap((f) => [
        [f.of, f.values[0]],
        [f.wrt, f.values[1]],
      ]),
    )
    expect(Object.fromEntries(values)).toEqual({ L: 79, v1: 30, v2: 49, 'x#2': 7, x: 6, w: 3 })
  })

  it.each([
    [
      'a result',
      (_w: Tensor, x: Tensor) => [x.add(5), () => noGrad(() => x.add_(1))],
      /what mul made.*add_ changed it/,
    ],
    ['a constant', (w: Tensor, _: Tensor, b: Tensor) => [w.add(b).square(), () => b.add_(1)], /what add read, 'b'/],
    ['a parameter', (w: Tensor) => [w.mul(2), () => noGrad(() => w.add_(1))], /what mul read, 'w'/],
  ] as const)('refuses where %s was written over', (_, make, message) => {
    const w = leaf(3, 'w')
    const [y, change] = make(w, named('x', w.mul(2)), given(2, 'b')) as [Tensor, () => unknown]
    change()
    expect(() => explain(y, w)).toThrow(message)
    expect(() => explain(y, w)).toThrow(/run the program inside of record/)
  })
})

describe('what a program may contain', () => {
  it('ops with several results, and elements of what they return', () => {
    const w = leaf([
      [1, 5, 2],
      [7, 4, 6],
    ])
    const weights = given([2, 3])
    expect(sure(explain(w.max(1).values.mul(weights).sum(), w, [1, 0]))).toEqual([3, 3])
    expect(sure(explain(w.sort(1).values.at(1, 2), w, [1, 0]))).toEqual([1, 1])
    expect(sure(explain(w.topk(1, { dim: 0 }).values.at(0, 1), w, [0, 1]))).toEqual([1, 1])
    const a = leaf([
      [2, 1],
      [1, 3],
    ])
    const { sign, logabsdet } = slogdet(a)
    expect(sure(explain(sign.mul(logabsdet), a, [0, 1]))[0]).toBeCloseTo(-0.2, 12)
  })

  it('functions that return what they were given', () => {
    const w = leaf([1, 2])
    const e = explain(dropout(w, 0.5, { training: false }).square().sum(), w, [0])
    expect(sure(e)).toEqual([2, 2])
    expect(e.paths[0].factors.map((f) => f.op)).toEqual(['square'])
  })

  it('the same tensor as several operands of a function', () => {
    const w = leaf([
      [1, 2],
      [0.5, -1],
    ])
    sure(explain(scaledDotProductAttention(w, w, w).sum(), w, [0, 0]))
    expect(sure(explain(nn.mseLoss(w, w), w, [0, 0]))).toEqual([0, 0])
    expect(explain(nn.mseLoss(w, w), w, [0, 0]).pathCount).toBe(1n)
    expect(explain(nn.mseLoss(w, w), w, [0, 0], { detail: 'op' }).pathCount).toBe(2n)
  })

  it('functions of users: several results, other arguments, intermediate results; they go on working', () => {
    const scaled = defineFunction({
      name: 'scaled',
      forward(ctx, x: Tensor, factor: number, y: Tensor) {
        ctx.saveForBackward(x.sin(), y)
        ctx.factor = factor
        return [x.cos().mul(factor), y.square()]
      },
      backward(ctx, g, h) {
        const [sines, y] = ctx.savedTensors
        return [
          sines
            .neg()
            .mul(g)
            .mul(ctx.factor as number),
          null,
          y.mul(2).mul(h),
        ]
      },
    })
    const [w, u] = [leaf([1, 2, 3, 4, 5, 6]), leaf([2, 1, 1, 1, 1, 1])]
    const [a, b] = scaled(w, 3, u) as Tensor[]
    const loss = a.mul(b).sum()
    const explained = [sure(explain(loss, w, [1]))[0], sure(explain(loss, u, [0]))[0]]
    loss.backward()
    expect([w.grad!.at(1).item(), u.grad!.at(0).item()]).toEqual(explained)
  })

  it('a function that mixes its operand and knows cotangents only', () => {
    const total = defineFunction({
      name: 'total',
      forward(ctx, x: Tensor) {
        ctx.saveForBackward(x.exp())
        return x.exp().cumsum(0)
      },
      backward: (ctx, g) => ctx.savedTensors[0].mul(g.flip(0).cumsum(0).flip(0)),
    })
    const w = leaf([1, 0.5, 0, -1, 2])
    const e = explain(
      total(w)
        .mul(given([1, 2, 3, 4, 5]))
        .sum(),
      w,
      [1],
    )
    expect(sure(e)[0]).toBeCloseTo(14 * Math.exp(0.5), 12)
    expect(e.pathCount).toBe(4n)
  })

  it('random numbers in a function of a user: the stream stays where it is', () => {
    const noisy = defineFunction({
      name: 'noisy',
      forward: (_, x: Tensor) => x.mul(2).add(rand(x.shape)),
      backward: (_, g) => g.mul(2),
    })
    manualSeed(1)
    const w = leaf([1, 2])
    const y = noisy(w).sum()
    const next = (look: boolean): number => {
      manualSeed(2)
      if (look) sure(explain(y, w, [0]))
      return rand([1]).item()
    }
    expect(next(true)).toBe(next(false))
  })

  it('matrices whose derivatives cancel in every pattern', () => {
    const w = leaf([
      [1.5, 1.5],
      [1.5, 1.5],
    ])
    expect(sure(explain(w.det(), w, [0, 1]))).toEqual([-1.5, -1.5])
  })

  it('changes in place of what a checkpoint returned', () => {
    const y = checkpoint((x: Tensor) => x.sin().mul(2), leaf(0.5))
    const w = leaf(0.5)
    const z = checkpoint((x: Tensor) => x.sin().mul(2), w)
    z.add_(1)
    expect(y.item()).toBeCloseTo(z.item() - 1, 14)
    expect(sure(explain(z.square(), w))[0]).toBeCloseTo(4 * (2 * Math.sin(0.5) + 1) * Math.cos(0.5), 12)
  })
})
