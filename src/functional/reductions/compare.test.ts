/** Comparisons of whole tensors, the median, and how reductions take their options. */
import { describe, expect, it } from 'vitest'
import { checkGradients, grad, vmap } from '../../autodiff/index.ts'
import { ArgumentError, IndexError, ShapeError } from '../../errors/index.ts'
import { ones, randn, type Tensor, tensor, zeros } from '../../tensor/index.ts'
import { unbind } from '../shape/index.ts'
import * as r from './index.ts'

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
])

describe('equal and allclose', () => {
  it('equal compares shapes and elements', () => {
    expect(r.equal(x, tensor([...x.data]))).toBe(false)
    expect(r.equal(ones([2]), ones([2], { dtype: 'int32' }))).toBe(true)
    expect(r.equal(tensor(NaN), tensor(NaN))).toBe(false)
    expect(r.equal(zeros([0]), zeros([0]))).toBe(true)
    expect(() => r.equal(x, 1 as unknown as Tensor)).toThrow(ArgumentError)
  })

  it('allclose broadcasts, allows what it is told and no infinity by accident', () => {
    expect(r.allclose(ones([2, 3]), tensor(1 + 1e-6))).toBe(true)
    expect(r.allclose(tensor(1), tensor(1.1), { rtol: 0.2 })).toBe(true)
    expect(r.allclose(tensor(1), tensor(1.1), { rtol: 0, atol: 0.05 })).toBe(false)
    const odd = tensor([Infinity, -Infinity, NaN])
    expect([r.allclose(odd, odd), r.allclose(odd, odd, { equalNan: true })]).toEqual([false, true])
    expect([r.allclose(tensor(1), tensor(Infinity)), r.allclose(tensor(Infinity), tensor(-Infinity))]).toEqual([
      false,
      false,
    ])
    const large = tensor([2147483647, -2147483648], { dtype: 'int32' })
    expect(r.allclose(large, tensor([-2147483648, 2147483647], { dtype: 'int32' }))).toBe(false)
    expect(() => r.allclose(ones([2]), ones([3]))).toThrow(ShapeError)
    expect(() => r.allclose(x, x, { rtol: '1' } as object)).toThrow(/rtol must be a number, got '1'/)
  })
})

describe('median', () => {
  it('is the lower one, with its index along a dimension', () => {
    expect(r.median(tensor([4, 1, 3, 2])).item()).toBe(2)
    const { values, indices } = r.median(
      tensor([
        [5, 1, 3],
        [2, 9, 4],
      ]),
      1,
      { keepdim: true },
    )
    expect([values.toArray(), indices.toArray()]).toEqual([
      [[3], [4]],
      [[2], [2]],
    ])
    expect(r.median(tensor(7), -1).values.item()).toBe(7)
    expect(r.median(tensor([3, 1], { dtype: 'int32' })).dtype).toBe('int32')
    expect(() => r.median(zeros([2, 0]), 1)).toThrow(ShapeError)
  })

  it('is NaN where there is one, and its gradient goes where it came from', () => {
    const rows = tensor([
      [1, NaN, 0],
      [1, 2, 3],
    ])
    expect(r.median(rows, 1).values.toArray()).toEqual([NaN, 2])
    expect(r.median(rows, 1).indices.toArray()).toEqual([1, 1])
    expect(grad((y: Tensor) => r.median(y))(tensor([4, 1, 3])).toArray()).toEqual([0, 0, 1])
    expect(checkGradients((y: Tensor) => r.median(y, 0).values, [randn([5, 3], { dtype: 'float64' })]).ok).toBe(true)
    const batch = randn([4, 5])
    expect(vmap((y: Tensor) => r.median(y))(batch).toArray()).toEqual(unbind(batch).map((y) => r.median(y).item()))
  })
})

describe('options of reductions', () => {
  it('may name the dimensions, in the place of dim', () => {
    expect(r.sum(x, { dim: 0, keepdim: true }).toArray()).toEqual([[5, 7, 9]])
    expect(r.norm(x, { dim: 1, p: 1 }).toArray()).toEqual([6, 15])
    expect(r.variance(x, { dim: 1, correction: 0 }).shape).toEqual([2])
    expect(r.argmax(x, { dim: 1 }).toArray()).toEqual([2, 2])
    expect(r.sort(x, { dim: 0, descending: true }).indices.toArray()).toEqual([
      [1, 1, 1],
      [0, 0, 0],
    ])
    expect(r.topk(x, 1, { largest: false }).values.toArray()).toEqual([[1], [4]])
  })

  it.each<[string, () => unknown, string]>([
    [
      'true for keepdim',
      () => r.sum(x, 0, true as unknown as object),
      'sum: options come last as one object, as in { keepdim: true }',
    ],
    [
      'unbiased',
      () => r.std(x, 0, false as unknown as object),
      'what PyTorch calls unbiased=false is { correction: 0 }',
    ],
    [
      'a flag for dim',
      () => r.std(x, false as unknown as number),
      'std: dim must be an integer or a list of them, got false',
    ],
    ['a string', () => r.sum(x, '0' as unknown as number), "got '0'"],
    ['keepdim as a number', () => r.max(x, 0, { keepdim: 1 } as object), 'max: keepdim must be true or false, got 1'],
    ['options twice', () => r.sum(x, { dim: 1 }, { keepdim: true }), 'sum: takes options once'],
    ['dim twice', () => r.sum(x, 1, { dim: 1 } as object), "unknown option 'dim'"],
  ])('%s is an error', (_, f, message) => {
    expect(f).toThrow(ArgumentError)
    expect(f).toThrow(message)
  })

  it('the order of a norm is not its dimension', () => {
    expect(() => r.norm(tensor([3, 4]), 2)).toThrow(IndexError)
    expect(() => r.norm(tensor([3, 4]), 2)).toThrow('the order of the norm is an option: { p: 1 }')
  })

  it('errors speak of what was called', () => {
    expect(() => r.max(zeros([0]))).toThrow('max: there is nothing to choose from in [0]')
    expect(() => r.min(zeros([2, 0]), 1)).toThrow('min: there is nothing to choose from in [2, 0] along dim 1')
    expect(() => r.sort(x, 2)).toThrow('sort: dim 2 is out of range')
    expect(() => r.norm(zeros([0]), { p: Infinity })).toThrow(/^norm: /)
  })
})
