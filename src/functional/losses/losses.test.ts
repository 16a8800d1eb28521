/** Losses where they are easily wrong: nothing to take a mean of, everything ignored, targets that are no class, huge logits. */
import { beforeEach, describe, expect, it } from 'vitest'
import {
  crossEntropy,
  grad,
  gradients,
  manualSeed,
  noGrad,
  ones,
  randn,
  type Tensor,
  tensor,
  vmap,
  zeros,
} from '../../index.ts'
import * as nn from '../../nn/index.ts'

beforeEach(() => manualSeed(7))

describe('losses at the edges', () => {
  const ids = (...list: number[]) => tensor(list, { dtype: 'int32' })

  it('all targets ignored: NaN loss, zero gradient', () => {
    for (const weight of [undefined, tensor([1, 2])]) {
      const x = randn([2, 2], { requiresGrad: true })
      const loss = crossEntropy(x, ids(-100, -100), { weight })
      expect(loss.item()).toBeNaN()
      loss.backward()
      expect(x.grad!.toArray()).toEqual([
        [0, 0],
        [0, 0],
      ])
    }
  })

  it('names class and count', () => {
    expect(() => crossEntropy(zeros([1, 3]), ids(3))).toThrow(/target 3 is not one of the 3 classes/)
    expect(() => crossEntropy(zeros([1, 3]), ids(-1))).toThrow(/target -1/)
    expect(() => crossEntropy(zeros([1, 3]), tensor([1]))).toThrow(/int32/)
    expect(() => crossEntropy(zeros([2, 3]), ids(1))).toThrow(/needs class indices \[2\] or probabilities \[2, 3\]/)
    expect(() => crossEntropy(zeros([2, 3]), ids(1, 1), { labelSmoothing: 2 })).toThrow(/labelSmoothing/)
  })

  it('empty batches: no mean, a sum of 0, no losses', () => {
    for (const loss of [nn.mseLoss, nn.l1Loss, nn.bceWithLogits, nn.klDiv]) {
      expect(() => loss(zeros([0, 2]), zeros([0, 2]))).toThrow(/mean over no elements/)
      expect(loss(zeros([0, 2]), zeros([0, 2]), { reduction: 'sum' }).item()).toBeCloseTo(0, 15)
      expect(loss(zeros([0, 2]), zeros([0, 2]), { reduction: 'none' }).shape).toEqual([0, 2])
    }
    expect(() => crossEntropy(zeros([0, 3]), zeros([0], { dtype: 'int32' }))).toThrow(
      /crossEntropy: the mean over no elements/,
    )
    expect(crossEntropy(zeros([0, 3]), zeros([0], { dtype: 'int32' }), { reduction: 'none' }).shape).toEqual([0])
  })

  it('refuses shapes that would broadcast', () => {
    expect(() => nn.mseLoss(zeros([3, 1]), zeros([3]))).toThrow(/mseLoss: input \[3, 1\] and target \[3\]/)
    expect(() => nn.bceWithLogits(zeros([3]), zeros([3]), { posWeight: ones([2, 3]) })).toThrow(/posWeight/)
    expect(() => nn.mseLoss(zeros([3]), zeros([3]), { reduction: 'avg' as 'mean' })).toThrow(/reduction/)
  })

  it('is exact and smooth at logits of ±1000, in float32', () => {
    const x = tensor(
      [
        [1000, -1000],
        [1000, -1000],
      ],
      { requiresGrad: true },
    )
    const loss = crossEntropy(x, ids(0, 1), { reduction: 'none' })
    expect(loss.toArray()).toEqual([0, 2000])
    expect(gradients(loss.sum(), x)[0].toArray()).toEqual([
      [0, 0],
      [1, -1],
    ])
    const z = tensor([1000, -1000, 1000, -1000], { requiresGrad: true })
    const bce = nn.bceWithLogits(z, tensor([0, 1, 1, 0]), { reduction: 'none' })
    expect(bce.toArray()).toEqual([1000, 1000, 0, 0])
    expect(gradients(bce.sum(), z)[0].toArray().toString()).toBe('1,-1,0,0')
  })

  it('keeps the digits of what little is left to learn when the logit is right', () => {
    const z = tensor([-40, 40, -40, 40], { dtype: 'float64', requiresGrad: true })
    const loss = nn.bceWithLogits(z, tensor([0, 1, 0, 1]), { reduction: 'sum', posWeight: tensor([1, 1, 3, 3]) })
    const [slope] = gradients(loss, z)
    const tail = 4.248354255291589e-18
    for (const [i, expected] of [tail, -tail, tail, -3 * tail].entries())
      expect(Math.abs(slope.data[i] / expected - 1)).toBeLessThan(1e-14)
  })

  it('a class that is impossible and has probability 0 costs nothing', () => {
    const x = tensor([[0, -Infinity]], { requiresGrad: true })
    const loss = crossEntropy(x, tensor([[1, 0]]))
    expect(loss.item()).toBeCloseTo(0, 15)
    expect(gradients(loss, x)[0].toArray()).toEqual([[0, 0]])
  })

  it('works under vmap and grad, with ignored targets', () => {
    const x = randn([4, 3], { dtype: 'float64' })
    const y = ids(0, -100, 2, 1)
    const perSample = vmap((a: Tensor, t: Tensor) => crossEntropy(a, t, { reduction: 'sum' }))(x, y)
    const losses = crossEntropy(x, y, { reduction: 'none' })
    expect(Array.from(perSample.data)).toEqual(Array.from(losses.data))
    const single = vmap(grad((a: Tensor, t: Tensor) => crossEntropy(a, t)))(x, y)
    const leaf = tensor(x, { requiresGrad: true })
    const all = gradients(crossEntropy(leaf, y, { reduction: 'sum' }), leaf)[0]
    for (const [i, v] of single.data.entries()) expect(v).toBeCloseTo(all.data[i], 12)
  })

  it('batch norm learns its statistics without recording, and inside grad', () => {
    const norm = new nn.BatchNorm1d(2)
    const x = randn([8, 2])
    noGrad(() => norm.forward(x))
    grad((a: Tensor) => norm.forward(a).square().sum())(x)
    expect(norm.numBatchesTracked!.item()).toBe(2)
    expect(norm.runningMean!.requiresGrad).toBe(false)
  })
})
