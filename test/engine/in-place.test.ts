/** Changing tensors in place: version counters, shared storage, histories, and the errors that name both places. */
import { describe, expect, it } from 'vitest'
import { detectAnomaly, grad, gradients, jvp, noGrad, ones, tensor, zeros } from '../../src/index.ts'

const leaf = (v: number | number[]) => tensor(v, { requiresGrad: true })

describe('changes in place', () => {
  it('are seen through every view and counted in all of them', () => {
    const x = zeros([2, 3])
    const row = x.reshape([3, 2])
    x.add_(1)
    expect(row.toArray()).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ])
    expect([x.version, row.version]).toEqual([1, 1])
    row.assign(5)
    expect(x.sum().item()).toBe(30)
    expect(x.detach().version).toBe(2)
  })

  it('write into strided views', () => {
    const x = zeros([2, 3])
    x.permute(1, 0).assign(
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    )
    expect(x.toArray()).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ])
  })

  it('handle a source that overlaps', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    x.assign(x.permute(1, 0))
    expect(x.toArray()).toEqual([
      [1, 3],
      [2, 4],
    ])
  })

  it('refuse leaves that require a gradient unless nothing is recorded', () => {
    const w = leaf([1, 2])
    expect(() => w.add_(1)).toThrow(/noGrad/)
    expect(w.toArray()).toEqual([1, 2])
    noGrad(() => w.sub_(tensor([1, 1])))
    expect(w.toArray()).toEqual([0, 1])
  })

  it('make backward fail where a saved value is gone, naming both ops', () => {
    const x = leaf([1, 2])
    const h = x.mul(2)
    const y = h.square().sum()
    noGrad(() => h.add_(1))
    expect(() => y.backward()).toThrow(
      /backward: square needs its operand 0 \[2\] as it was, but add_ changed it in place/,
    )
    expect(x.grad).toBeNull()
  })

  it('names the line of the forward call when anomalies are looked for', () => {
    const x = leaf([1, 2])
    const h = x.mul(2)
    const y = detectAnomaly(() => h.exp().mul(h)).sum()
    noGrad(() => h.add_(1))
    expect(() => y.backward()).toThrow(/in-place\.test\.ts:\d+:\d+/)
  })

  it('do not disturb ops that never look back', () => {
    const x = leaf([1, 2])
    const h = x.mul(2)
    const y = h.add(1).mul(1).sum()
    noGrad(() => h.add_(1))
    y.backward()
    expect(x.grad!.toArray()).toEqual([2, 2])
  })

  it('become part of the history', () => {
    const x = leaf([1, 2])
    const w = leaf([3, 4])
    const h = x.mul(1)
    h.mul_(w)
    h.add_(1)
    h.square().sum().backward()
    expect(x.grad!.toArray()).toEqual([2 * 4 * 3, 2 * 9 * 4])
    expect(w.grad!.toArray()).toEqual([2 * 4 * 1, 2 * 9 * 2])
  })

  it('leave the history of what read the tensor before as it was', () => {
    const q = leaf(1)
    const y = q.mul(2)
    const z = y.add(1)
    y.add_(5)
    z.backward(null, { retainGraph: true })
    expect(q.grad!.item()).toBe(2)
    q.grad = null
    z.add(y.mul(10)).backward()
    expect(q.grad!.item()).toBe(22)
    const w = leaf(3)
    const h = w.mul(2)
    const square = h.square()
    h.add_(1)
    expect(() => gradients(square, w)).toThrow(/square needs its operand 0/)
    const buffer = zeros([])
    const before = buffer.sub(w)
    buffer.add_(w)
    expect(gradients(before.add(buffer), w)[0].item()).toBe(0)
  })

  it('may use the tensor itself and views of it', () => {
    const x = leaf([2, 3])
    const h = x.mul(1)
    h.mul_(h)
    h.add_(h.flip(0))
    expect(h.toArray()).toEqual([13, 13])
    h.sum().backward()
    expect(x.grad!.toArray()).toEqual([8, 12])
  })

  it('let a plain tensor take on a history', () => {
    const w = leaf([3, 4])
    const buffer = zeros([2])
    buffer.add_(w)
    buffer.sum().backward()
    expect(w.grad!.toArray()).toEqual([1, 1])
  })

  it('refuse views whose base knows nothing of them, and old views of a base with a new history', () => {
    const w = leaf([3, 4])
    const h = w.mul(2)
    expect(() => h.reshape([2, 1]).mul_(2)).toThrow(/a view cannot be changed in place/)
    const view = h.reshape([2, 1])
    h.mul_(w)
    expect(() => view.sum()).toThrow(/taken before its base was changed/)
  })

  it('check shape and dtype before anything is written', () => {
    const x = zeros([2])
    expect(() => x.add_(ones([3, 2]))).toThrow(/does not fit/)
    expect(() => tensor([1, 2], { dtype: 'int32' }).mul_(0.5)).toThrow(
      /float32 result does not fit into a tensor of int32/,
    )
    expect(x.version).toBe(0)
  })

  it('refuse values that carry a derivative, unless nothing is recorded', () => {
    type T = ReturnType<typeof zeros>
    const f = (x: T) => zeros([2]).add_(x.square()).sum()
    expect(() => grad(f)(ones([2]))).toThrow(/carries a derivative/)
    expect(() => jvp(f, [ones([2])], [ones([2])])).toThrow(/carries a derivative/)
    expect(() => grad((x: T) => zeros([2]).set(0, x.sum()).sum())(ones([2]))).toThrow(/carries a derivative/)
    const seen = zeros([2])
    const watched = (x: T) => {
      noGrad(() => seen.assign(x))
      return x.sum()
    }
    expect(grad(watched)(tensor([3, 4])).toArray()).toEqual([1, 1])
    expect(seen.toArray()).toEqual([3, 4])
  })

  it('refuse elements that are one and the same', () => {
    expect(() => tensor([1]).expand([3]).add_(1)).toThrow(/expanded tensor/)
    expect(() => tensor([true]).add_(1)).toThrow(/int32 result does not fit into a tensor of bool/)
    expect(() => tensor([1], { dtype: 'int32' }).fill_(1.5)).toThrow(/does not fit/)
  })

  it('cost the same however many came before', () => {
    const w = leaf(1)
    const sum = zeros([])
    for (let i = 0; i < 20_000; i++) sum.add_(w)
    sum.backward()
    expect(w.grad!.item()).toBe(20_000)
  })

  it('are refused inside of transforms', () => {
    expect(() => grad((x: ReturnType<typeof zeros>) => x.add_(1).sum())(zeros([2]))).toThrow(/inside of grad/)
  })
})
