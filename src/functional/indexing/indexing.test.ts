import { describe, expect, it } from 'vitest'
import { grad, gradients, vmap } from '../../autodiff/index.ts'
import { mul, square } from '../../ops/elementwise/index.ts'
import { sum } from '../../ops/reduce/sum.ts'
import { arange, ones, type Tensor, tensor, zeros } from '../../tensor/index.ts'
import { narrow, reshape, select, slice, transposed } from '../shape/index.ts'
import { at, type Index, maskedFill, set, takeAlongDim } from './index.ts'

const m = reshape(arange(0, 6, 1, { dtype: 'float32' }), [2, 3])
const int = (data: number | number[] | number[][]) => tensor(data, { dtype: 'int32' })

describe('at', () => {
  it('takes empty lists, scalar tensors and nothing at all', () => {
    expect(at(m, []).shape).toEqual([0, 3])
    expect(at(m, int(1)).toArray()).toEqual([3, 4, 5])
    expect(at(m, [false, false]).shape).toEqual([0, 3])
    expect(at(m) === m).toBe(false)
    expect(at(zeros([0, 2]), {}, [1, 1]).shape).toEqual([0, 2])
  })

  it('maps indices and tensors', () => {
    expect(vmap((i: Tensor) => at(m, {}, i))(int([0, -1, 1])).toArray()).toEqual([
      [0, 3],
      [2, 5],
      [1, 4],
    ])
    expect(
      vmap((x: Tensor, i: Tensor) => at(x, i))(
        m,
        int([
          [0, -1],
          [1, 1],
        ]),
      ).toArray(),
    ).toEqual([
      [0, 2],
      [4, 4],
    ])
    expect(() => vmap((i: Tensor) => at(m, i))(int([0, 2]))).toThrow(/index 2 is out of range for dim 0 of size 2/)
  })

  it('adds the gradients of repeated elements', () => {
    expect(grad((x: Tensor) => sum(square(at(x, [0, 0, -1]))))(m).toArray()).toEqual([
      [0, 4, 8],
      [6, 8, 10],
    ])
  })

  const wrong: [string, Index[], RegExp][] = [
    ['too large', [2], /IndexError: at: index 2 is out of range for dim 0 of size 2/],
    ['too small, in an array', [{}, [0, -4]], /IndexError: at: index -4 is out of range for dim 1 of size 3/],
    ['too many', [0, 0, 0], /IndexError: at: indices for 3 dimensions, but \[2, 3\] has 2/],
    ['fractions', [[0.5]], /IndexError: at: indices must be integers, got 0.5/],
    ['floating point tensors', [tensor([0])], /DTypeError: at: an index tensor must be int32 or bool, got float32/],
    ['masks of another shape', [[true, false, true]], /IndexError: at: a mask \[3\] does not fit/],
    [
      'arrays that do not broadcast',
      [
        [0, 1],
        [0, 1, 2],
      ],
      /ShapeError: at: shapes \[2\] and \[3\]/,
    ],
    ['unknown keys', [{ stop: 1 } as Index], /unknown key 'stop'/],
    ['two dots', ['...', '...'], /only once/],
    ['words', ['x' as Index], /an index is an integer/],
  ]
  it.each(wrong)('refuses %s', (_, indices, message) => {
    let error: unknown
    try {
      at(m, ...indices)
    } catch (e) {
      error = e
    }
    expect(String(error)).toMatch(message)
  })
})

describe('set', () => {
  it('broadcasts the value and counts one change', () => {
    const x = zeros([2, 3])
    expect(set(x, [0, 1], 5)).toBe(x)
    set(x, 1, [1, 2, 3])
    expect(x.toArray()).toEqual([
      [0, 5, 0],
      [1, 2, 3],
    ])
    expect(x.version).toBe(2)
    expect(set(zeros([2, 3]), [[0, 1]], tensor([[1], [2]])).toArray()).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ])
    expect(set(zeros([3]), [true, false, true], 7).toArray()).toEqual([7, 0, 7])
    expect(set(zeros([3]), {}, [[1, 2, 3]]).toArray()).toEqual([1, 2, 3])
    expect(set(zeros([2]), [], 4).toArray()).toEqual([4, 4])
  })

  it('writes through views, and reads before it writes', () => {
    const x = zeros([2, 3])
    set(select(transposed(x), 1, 1), [[0, 2]], [1, 2])
    expect(x.toArray()).toEqual([
      [0, 0, 0],
      [1, 0, 2],
    ])
    const y = arange(0, 5)
    expect(set(y, { start: 1 }, slice(y, 0, 0, 4)).toArray()).toEqual([0, 0, 1, 2, 3])
  })

  it('becomes part of the history, at second order too', () => {
    const q = tensor([1, 2, 3], { requiresGrad: true, dtype: 'float64' })
    const y = mul(q, q)
    set(y, 1, sum(mul(q, q)))
    expect(y.toArray()).toEqual([1, 14, 9])
    const [g] = gradients(sum(mul(y, y)), q, { createGraph: true })
    expect(g.toArray()).toEqual([60, 112, 276])
    // Σ y² = q₁⁴ + (q₁² + q₂² + q₃²)² + q₃⁴, differentiated twice along (1, 1, 1)
    expect(gradients(sum(g), q)[0].toArray()).toEqual([116, 152, 308])
  })

  it('gives the last of repeated rows the gradient', () => {
    const q = tensor([1, 2, 3], { requiresGrad: true })
    const y = mul(q, 2)
    set(y, [[0, 0]], narrow(q, 0, 1, 2))
    expect(y.toArray()).toEqual([3, 4, 6])
    expect(gradients(sum(square(y)), q)[0].toArray()).toEqual([0, 16, 30])
  })

  it('changes nothing when it throws', () => {
    const x = zeros([3])
    const leaf = zeros([3], { requiresGrad: true })
    expect(() => set(x, { start: 1 }, [1, 2, 3])).toThrow(/a value \[3\] does not broadcast to the selection \[2\]/)
    expect(() => set(x, [[0, 3]], 1)).toThrow(/set: index 3 is out of range for dim 0 of size 3/)
    expect(() => set(leaf, 0, 1)).toThrow(/noGrad/)
    expect(() => set(zeros([3], { dtype: 'int32' }), 0, 0.5)).toThrow(/0.5 does not fit into a tensor of int32/)
    expect(() => grad((t: Tensor) => sum(set(t, 0, 1)))(m)).toThrow(/cannot be changed in place/)
    expect([x.version, leaf.version, ...x.data]).toEqual([0, 0, 0, 0, 0])
  })
})

it('maskedFill keeps the dtype', () => {
  expect(maskedFill(arange(0, 3), [true, false, true], -1).dtype).toBe('int32')
  expect(maskedFill(ones([2], { dtype: 'bool' }), [true, false], 0).toArray()).toEqual([false, true])
  expect(() => maskedFill(arange(0, 3), [true, false, true], 0.5)).toThrow(/0.5 does not fit/)
  expect(() => maskedFill(m, tensor([1, 0, 1]), 0)).toThrow(/the mask must be bool/)
})

it('takeAlongDim broadcasts and checks', () => {
  expect(takeAlongDim(m, int([[0]]), 1).toArray()).toEqual([[0], [3]])
  expect(() => takeAlongDim(m, int([0]), 1)).toThrow(/as many dimensions/)
})
