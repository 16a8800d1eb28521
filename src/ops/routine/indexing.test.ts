/** Ops that read or return indices: errors, repeated indices, NaN, batches of indices. */
import { describe, expect, it } from 'vitest'
import { grad, vjp, vmap } from '../../autodiff/index.ts'
import { DTypeError, IndexError, ShapeError } from '../../errors/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { mul } from '../elementwise/mul.ts'
import { sum } from '../reduce/sum.ts'
import { permute } from '../view/permute.ts'
import {
  argmax,
  argmin,
  argsort,
  cumsum,
  gather,
  indexAdd,
  indexCopy,
  indexSelect,
  put,
  putAdd,
  scatterAdd,
  take,
} from './index.ts'

const i32 = (data: number | number[] | number[][]): Tensor => tensor(data, { dtype: 'int32' })
const x = tensor([
  [1, 2],
  [3, 4],
  [5, 6],
])

describe('indices', () => {
  it('out of range are errors that name value, dimension and size', () => {
    expect(() => gather(x, 0, i32([[3, 0]]))).toThrow(/gather: index 3 is out of range for dim 0 of size 3/)
    expect(() => indexSelect(x, -1, i32([-1]))).toThrow(/indexSelect: index -1 is out of range for dim 1 of size 2/)
    expect(() => scatterAdd(x, 0, i32([[9, 0]]), tensor([[1, 1]]))).toThrow(IndexError)
    expect(() => indexAdd(x, 0, i32([3]), tensor([[1, 1]]))).toThrow(IndexError)
    expect(() => indexCopy(x, 0, i32([3]), tensor([[1, 1]]))).toThrow(IndexError)
    expect(() => take(x, i32([6]))).toThrow(IndexError)
  })

  it('of another dtype or shape are errors', () => {
    expect(() => gather(x, 0, tensor([[0, 0]]))).toThrow(DTypeError)
    expect(() => gather(x, 0, i32([0]))).toThrow(ShapeError)
    expect(() => indexSelect(x, 0, i32([[0]]))).toThrow(ShapeError)
    expect(() => indexAdd(x, 0, i32([0, 1]), tensor([[1, 1]]))).toThrow(/2 rows of \[3, 2\] along dim 0 are \[2, 2\]/)
  })

  it('and operands that are no tensors are errors too', () => {
    const data = [1, 2] as unknown as Tensor
    for (const f of [gather, indexSelect]) expect(() => f(data, 0, i32([0]))).toThrow(/takes tensors, got an array/)
    for (const f of [cumsum, argmax, argsort, sum]) expect(() => f(data, 0)).toThrow(/takes tensors.*got an array/)
  })

  it('read a transposed tensor as it is seen', () => {
    expect(indexSelect(permute(x, [1, 0]), 1, i32([2, 0])).toArray()).toEqual([
      [5, 1],
      [6, 2],
    ])
    expect(take(permute(x, [1, 0]), i32([[1], [3]])).toArray()).toEqual([[3], [2]])
    expect(cumsum(permute(x, [1, 0]), 1).toArray()).toEqual([
      [1, 4, 9],
      [2, 6, 12],
    ])
  })

  it('may be a batch of their own under vmap', () => {
    const rows = i32([
      [0, 2],
      [1, 1],
    ])
    const loop = (f: (k: Tensor) => Tensor) => [...rows].map((k) => f(k).toArray())
    for (const f of [
      (k: Tensor) => indexSelect(x, 0, k),
      (k: Tensor) =>
        indexAdd(
          x,
          0,
          k,
          tensor([
            [1, 1],
            [10, 10],
          ]),
        ),
      (k: Tensor) =>
        indexCopy(
          x,
          0,
          k,
          tensor([
            [1, 1],
            [10, 10],
          ]),
        ),
      (k: Tensor) => grad((y: Tensor) => sum(mul(take(y, k), take(y, k))))(x),
    ]) {
      expect(vmap(f)(rows).toArray()).toEqual(loop(f))
    }
  })
})

describe('writing by index', () => {
  it('a repeated row keeps what came last, and only that gets a gradient', () => {
    const src = tensor([
      [7, 8],
      [9, 10],
    ])
    const [y, pull] = vjp((a: Tensor, b: Tensor) => indexCopy(a, 0, i32([1, 1]), b), x, src)
    expect(y.toArray()).toEqual([
      [1, 2],
      [9, 10],
      [5, 6],
    ])
    const [toX, toSrc] = pull(
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    )
    expect(toX.toArray()).toEqual([
      [1, 2],
      [0, 0],
      [5, 6],
    ])
    expect(toSrc.toArray()).toEqual([
      [0, 0],
      [3, 4],
    ])
  })

  it('put and putAdd address elements and broadcast values', () => {
    expect(put(x, i32([5, 0]), tensor(9)).toArray()).toEqual([
      [9, 2],
      [3, 4],
      [5, 9],
    ])
    expect(putAdd(x, i32([5, 5]), tensor([1])).toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 8],
    ])
  })

  it('scatterAdd takes the part of src that the index covers', () => {
    expect(scatterAdd(tensor([0, 0]), 0, i32([1]), tensor([5, 6])).toArray()).toEqual([0, 5])
  })
})

describe('order', () => {
  const row = tensor([3, Number.NaN, 1, Number.POSITIVE_INFINITY, Number.NaN])

  it('NaN is the extreme of either kind, and the first one counts', () => {
    expect(argmax(row).item()).toBe(1)
    expect(argmin(row).item()).toBe(1)
    expect(argmax(tensor([2, 5, 5])).item()).toBe(1)
    expect(() => argmax(tensor([]))).toThrow(ShapeError)
  })

  it('sorts NaN as the largest and keeps equal elements in order', () => {
    expect(argsort(row).toArray()).toEqual([2, 0, 3, 1, 4])
    expect(argsort(row, 0, true).toArray()).toEqual([1, 4, 3, 0, 2])
    expect(argsort(tensor([1, 0, 1, 0])).toArray()).toEqual([1, 3, 0, 2])
    expect(argsort(tensor([1, 0, 1, 0]), 0, true).toArray()).toEqual([0, 2, 1, 3])
  })
})
