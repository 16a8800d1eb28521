/** Diagonals, grids and rows repeated in place. */
import { describe, expect, it } from 'vitest'
import { checkGradients, grad, hessian, jvp, vmap } from '../../autodiff/index.ts'
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { square } from '../../ops/elementwise/index.ts'
import { ones, randn, type Tensor, tensor, zeros } from '../../tensor/index.ts'
import { trace } from '../linalg.ts'
import * as s from './index.ts'

const f64 = (shape: number[]) => randn(shape, { dtype: 'float64' })

describe('diag', () => {
  it.each([0, 1, -2])('of a vector is its inverse, k = %s', (k) => {
    const x = tensor([1, 2, 3])
    const matrix = s.diag(x, k)
    expect(matrix.shape).toEqual([3 + Math.abs(k), 3 + Math.abs(k)])
    expect(s.diag(matrix, k).toArray()).toEqual([1, 2, 3])
    expect([...matrix.data].filter((v) => v !== 0)).toEqual([1, 2, 3])
  })

  it('is differentiable both ways, and in batches', () => {
    expect(checkGradients((x: Tensor) => s.diag(x, 1), [f64([3])], { order: 2 }).ok).toBe(true)
    expect(checkGradients((x: Tensor) => s.diag(x, -1), [f64([3, 2])]).ok).toBe(true)
    expect(jvp((x: Tensor) => s.diag(x), [tensor([1, 2])], [tensor([3, 4])])[1].toArray()).toEqual([
      [3, 0],
      [0, 4],
    ])
    expect(vmap((x: Tensor) => s.diag(x))(ones([2, 2])).toArray()).toEqual([
      [
        [1, 0],
        [0, 1],
      ],
      [
        [1, 0],
        [0, 1],
      ],
    ])
  })

  it('copies, keeps the dtype, takes nothing else', () => {
    const x = ones([2, 2])
    expect(s.diag(x).storage).not.toBe(x.storage)
    expect(s.diag(tensor([true])).dtype).toBe('bool')
    expect(s.diag(zeros([0])).shape).toEqual([0, 0])
    expect(s.diag(ones([2, 3]), 5).shape).toEqual([0])
    expect(() => s.diag(ones([2, 2, 2]))).toThrow(ShapeError)
    expect(() => s.diag(x, 0.5)).toThrow(ArgumentError)
  })
})

it('trace sums the diagonals of matrices', () => {
  expect(
    trace(
      tensor([
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ]),
    ).toArray(),
  ).toEqual([5, 13])
  expect(grad((x: Tensor) => trace(x))(ones([2, 3])).toArray()).toEqual([
    [1, 0, 0],
    [0, 1, 0],
  ])
  expect(hessian((x: Tensor) => square(trace(x)))(ones([1, 2])).toArray()).toEqual([[[[2, 0]], [[0, 0]]]])
  expect(() => trace(ones([2]))).toThrow(ShapeError)
})

describe('meshgrid', () => {
  const [a, b] = [tensor([1, 2]), tensor([3, 4, 5])]
  it('ij and xy, spread or as an array, views', () => {
    const [i, j] = s.meshgrid(a, b)
    expect([i.toArray(), j.toArray()]).toEqual([
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
      [
        [3, 4, 5],
        [3, 4, 5],
      ],
    ])
    expect(i.storage).toBe(a.storage)
    const [x, y] = s.meshgrid([a, b], { indexing: 'xy' })
    expect([x.shape, x.toArray(), y.toArray()]).toEqual([
      [3, 2],
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      [
        [3, 3],
        [4, 4],
        [5, 5],
      ],
    ])
    expect(s.meshgrid(a, tensor(7), b).map((g) => g.shape)).toEqual([
      [2, 1, 3],
      [2, 1, 3],
      [2, 1, 3],
    ])
  })

  it('says what is wrong', () => {
    expect(() => s.meshgrid()).toThrow(/at least one vector/)
    expect(() => s.meshgrid(ones([2, 2]))).toThrow('meshgrid: takes vectors, vector 0 is [2, 2]')
    expect(() => s.meshgrid(a, { indexing: 'yx' } as object)).toThrow(/'ij' or 'xy', got 'yx'/)
  })
})

describe('repeatInterleave', () => {
  it('one count or one per row', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    expect(s.repeatInterleave(x, 2).toArray()).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
    expect(s.repeatInterleave(x, 2, -1).toArray()).toEqual([
      [1, 1, 2, 2],
      [3, 3, 4, 4],
    ])
    expect(s.repeatInterleave(x, [0, 2], 0).toArray()).toEqual([
      [3, 4],
      [3, 4],
    ])
    expect(s.repeatInterleave(x, tensor([1, 0], { dtype: 'int32' }), 1).toArray()).toEqual([[1], [3]])
    expect(s.repeatInterleave(x, 0).shape).toEqual([0])
    expect(checkGradients((y: Tensor) => s.repeatInterleave(y, [1, 0, 3], 0), [f64([3, 2])]).ok).toBe(true)
  })

  it('says what is wrong', () => {
    expect(() => s.repeatInterleave(ones([3]), [1, 2])).toThrow('repeatInterleave: 2 counts for the 3 rows of dim 0')
    expect(() => s.repeatInterleave(ones([3]), -1)).toThrow(/natural numbers/)
  })
})
