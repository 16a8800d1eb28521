import { describe, expect, it } from 'vitest'
import { gradients, vmap } from '../../autodiff/index.ts'
import { ArgumentError, IndexError, ShapeError } from '../../errors/index.ts'
import { sum } from '../../ops/reduce/sum.ts'
import { add_, arange, fill_, ones, type Tensor, tensor, zeros } from '../../tensor/index.ts'
import { at } from '../indexing/index.ts'
import * as s from './index.ts'

const picture = (): Tensor => s.reshape(arange(0, 24, 1, { dtype: 'float32' }), [2, 3, 1, 4])

describe('views', () => {
  const views: [string, (x: Tensor) => Tensor][] = [
    ['reshape', (x) => s.reshape(x, [6, 4])],
    ['view', (x) => s.view(x, [3, -1])],
    ['flatten', (x) => s.flatten(x, 1)],
    ['permute', (x) => s.permute(x, [3, 0, 2, 1])],
    ['transpose', (x) => s.transpose(x, 0, -1)],
    ['T', s.transposed],
    ['movedim', (x) => s.movedim(x, 0, -1)],
    ['expand', (x) => s.expand(x, [5, 2, 3, 7, 4])],
    ['broadcastTo', (x) => s.broadcastTo(x, [2, 3, 2, 4])],
    ['slice', (x) => s.slice(x, 1, null, null, -2)],
    ['narrow', (x) => s.narrow(x, -1, 1, 2)],
    ['select', (x) => s.select(x, 1, -1)],
    ['squeeze', (x) => s.squeeze(x)],
    ['unsqueeze', (x) => s.unsqueeze(x, -1)],
    ['diagonal', (x) => s.diagonal(x, { offset: 1 })],
    ['split', (x) => s.split(x, 2, 1)[1]],
    ['unbind', (x) => s.unbind(x, -1)[3]],
    ['at', (x) => at(x, '...', null, { start: 3, step: -1 })],
  ]
  it.each(views)('%s shares memory and version counter', (_, look) => {
    const x = picture()
    const y = look(x)
    expect(y.storage).toBe(x.storage)
    const before = y.data
    add_(x, 100)
    expect([...y.data]).toEqual([...before].map((v) => v + 100))
    add_(at(x, 0, 0), 1)
    expect([x.version, y.version]).toEqual([2, 2])
  })

  it('view refuses to copy, repeat and roll always copy', () => {
    expect(() => s.view(s.transposed(ones([2, 3])), [6])).toThrow(ShapeError)
    const x = picture()
    for (const y of [s.repeat(x, 1, 1, 1, 1), s.tile(x, [1]), s.roll(x, 0, 0)]) expect(y.storage).not.toBe(x.storage)
  })
})

describe('edges', () => {
  it('scalars and empty tensors', () => {
    expect(s.flatten(tensor(3)).shape).toEqual([1])
    expect(s.squeeze(tensor(3), 0).shape).toEqual([])
    expect(s.flip(tensor(3)).item()).toBe(3)
    const line = tensor([1, 2])
    fill_(s.flip(line, 0), 0)
    expect(line.toArray()).toEqual([1, 2])
    expect(s.roll(zeros([0, 3]), 1, 0).shape).toEqual([0, 3])
    expect(s.flip(zeros([0, 2]), 0).shape).toEqual([0, 2])
    expect(s.repeat(ones([2]), [0]).shape).toEqual([0])
    expect(s.tril(zeros([0, 3])).shape).toEqual([0, 3])
    expect(s.split(zeros([0]), 2).map((t) => t.shape)).toEqual([[0]])
    expect(s.chunk(zeros([0]), 2).map((t) => t.shape)).toEqual([[0], [0]])
    expect(s.unbind(zeros([0, 2]))).toEqual([])
  })

  it('triangles hide infinities and keep dtypes', () => {
    const x = tensor(
      [
        [1, Infinity],
        [NaN, 2],
      ],
      { requiresGrad: true },
    )
    expect(s.triu(s.tril(x)).toArray()).toEqual([
      [1, 0],
      [0, 2],
    ])
    expect(gradients(sum(s.tril(x)), x)[0].toArray()).toEqual([
      [1, 0],
      [1, 1],
    ])
    expect(s.triu(ones([2, 2], { dtype: 'bool' })).toArray()).toEqual([
      [true, true],
      [false, true],
    ])
    expect(s.tril(ones([2, 2], { dtype: 'int32' })).dtype).toBe('int32')
  })

  it('pad crops, and takes its value as an option', () => {
    expect(s.pad(arange(0, 4), [-1, 1], { value: 9 }).toArray()).toEqual([1, 2, 3, 9])
    expect(() => s.pad(arange(0, 4), [-6, 3])).toThrow(/leaves less than nothing/)
  })

  it('work per sample inside of vmap', () => {
    const x = s.reshape(arange(0, 12, 1, { dtype: 'float32' }), [3, 2, 2])
    for (const f of [
      s.tril,
      s.transposed,
      (t: Tensor) => s.roll(t, 1),
      (t: Tensor) => s.tile(t, [2]),
      (t: Tensor) => s.diagonal(t),
    ]) {
      expect(vmap(f)(x).toArray()).toEqual(s.stack(s.unbind(x).map((t) => f(t))).toArray())
    }
  })
})

it('says what is wrong', () => {
  expect(() => s.select(ones([4, 2]), 0, 4)).toThrow(
    new IndexError('select: index 4 is out of range for dim 0 of size 4'),
  )
  expect(() => s.select(tensor(1), 0, 0)).toThrow(IndexError)
  expect(() => s.narrow(ones([4]), 0, 3, 2)).toThrow(/start 3 and length 2 do not fit into dim 0 of size 4/)
  expect(() => s.slice(ones([4]), 0, 0, 4, 0)).toThrow(/step must not be 0/)
  expect(() => s.stack([ones([2]), ones([3])])).toThrow(/shapes must be equal: \[2\], \[3\]/)
  expect(() => s.split(ones([5]), [2, 2])).toThrow(/do not add up to dim 0 of \[5\]/)
  expect(() => s.repeat(ones([2, 2]), 2)).toThrow(/use tile/)
  expect(() => s.diagonal(ones([2, 2]), { ofset: 1 } as object)).toThrow(/unknown option 'ofset'/)
  expect(() => s.flatten(ones([2, 3]), 1, 0)).toThrow(ArgumentError)
  expect(() => s.reshape([1, 2] as unknown as Tensor, [2])).toThrow(/wrap data with tensor/)
})
