/** Data sets and collation: rows are what they should be, whatever the layout, and histories are kept. */
import { describe, expect, test } from 'vitest'
import { gradients } from '../autodiff/index.ts'
import { ArgumentError, DTypeError, IndexError, ShapeError } from '../errors/index.ts'
import { square } from '../ops/elementwise/index.ts'
import { sum } from '../ops/reduce/sum.ts'
import { permute } from '../ops/view/permute.ts'
import { arange, fromArray, tensor, zeros } from '../tensor/index.ts'
import { collate, ImageDataset, TensorDataset } from './index.ts'

describe('TensorDataset', () => {
  test('items are rows, batches gather them', () => {
    const set = new TensorDataset(
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      tensor([7, 8, 9], { dtype: 'int32' }),
    )
    expect(set.length).toBe(3)
    expect(set.get(1).map((x) => x.toArray())).toEqual([[3, 4], 8])
    const [x, y] = set.batch(Int32Array.of(2, 0, 2))
    expect([x.toArray(), y.toArray(), y.dtype]).toEqual([
      [
        [5, 6],
        [1, 2],
        [5, 6],
      ],
      [9, 7, 9],
      'int32',
    ])
    expect(() => set.get(3)).toThrow(IndexError)
    expect(() => set.batch(Int32Array.of(0, -1))).toThrow(/item -1 of 3/)
  })

  test.each([
    [3, 2],
    [3, 100],
    [3, 0],
    [3, 1],
  ])('rows of any layout and length: %d × %d', (n, m) => {
    const flat = arange(n * m)
    const plain = fromArray(flat.data, [n, m], 'int32')
    const turned = permute(fromArray(permute(plain, [1, 0]).data, [m, n], 'int32'), [1, 0])
    const indices = Int32Array.of(2, 0)
    const [a, b] = new TensorDataset(plain, turned).batch(indices)
    const rows = plain.toArray() as number[][]
    expect(a.toArray()).toEqual([rows[2], rows[0]])
    expect(b.toArray()).toEqual(a.toArray())
  })

  test('a gradient flows through items and batches of tensors that require one', () => {
    const x = tensor([1, 2, 3], { requiresGrad: true })
    const set = new TensorDataset(x)
    expect(gradients(sum(square(set.batch(Int32Array.of(2, 0, 2))[0])), x)[0].toArray()).toEqual([2, 0, 12])
    expect(gradients(square(set.get(1)[0]), x)[0].toArray()).toEqual([0, 4, 0])
  })

  test('tensors that do not fit are refused', () => {
    expect(() => new TensorDataset()).toThrow(ArgumentError)
    expect(() => new TensorDataset(zeros([2]), zeros([3]))).toThrow(ShapeError)
    expect(() => new TensorDataset(tensor(1))).toThrow(ShapeError)
  })
})

describe('ImageDataset', () => {
  const set = new ImageDataset(Uint8Array.of(0, 51, 102, 255, 1, 2, 3, 4), Uint8Array.of(7, 3), 2, 2)

  test('bytes become floats from 0 to 1', () => {
    const [image, label] = set.get(0)
    expect([image.shape, image.dtype, [...image.data]]).toEqual([
      [1, 2, 2],
      'float32',
      [0, 51, 102, 255].map((v) => Math.fround(v / 255)),
    ])
    expect([label.shape, label.dtype, label.item()]).toEqual([[], 'int32', 7])
    const [images, labels] = set.batch(Int32Array.of(1, 0))
    expect([images.shape, labels.toArray()]).toEqual([
      [2, 1, 2, 2],
      [3, 7],
    ])
    expect([set.images.shape, set.labels.toArray()]).toEqual([
      [2, 1, 2, 2],
      [7, 3],
    ])
    expect(() => set.get(2)).toThrow(/item 2 of 2/)
    expect(() => new ImageDataset(Uint8Array.of(1), Uint8Array.of(1), 2, 2)).toThrow(/need 4 bytes, got 1/)
  })
})

describe('collate', () => {
  test('nested items stay nested', () => {
    const batch = collate([
      { x: tensor([1, 2]), y: [1, true] as [number, boolean], name: 'a', extra: null },
      { x: tensor([3, 4]), y: [2, false] as [number, boolean], name: 'b', extra: null },
    ])
    expect(batch.x.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(batch.y.map((t) => [t.dtype, t.toArray()])).toEqual([
      ['float32', [1, 2]],
      ['bool', [true, false]],
    ])
    expect([batch.name, batch.extra]).toEqual([
      ['a', 'b'],
      [null, null],
    ])
  })

  test('items that differ are refused', () => {
    expect(() => collate([tensor([1]), tensor([1, 2])])).toThrow(/different shapes cannot be stacked: \[1\] and \[2\]/)
    expect(() => collate([tensor([1]), tensor([1], { dtype: 'int32' })])).toThrow(DTypeError)
    expect(() => collate<unknown>([tensor([1]), 2])).toThrow(ArgumentError)
    expect(() => collate<unknown>([1, true])).toThrow(/a number/)
    expect(() => collate([[1], [1, 2]])).toThrow(/an array of 1/)
    expect(() => collate<unknown>([{ a: 1 }, { b: 1 }])).toThrow(/an object of \{ a \}/)
  })
})
