/** Reductions at zeros, NaN and nothing at all. */
import { expect, it } from 'vitest'
import { grad, hessian, jacrev } from '../../autodiff/index.ts'
import { ShapeError } from '../../errors/index.ts'
import { type Tensor, tensor, zeros } from '../../tensor/index.ts'
import { reshape } from '../view/reshape.ts'
import { all, amax, amin, any, prod, sum } from './index.ts'

it('prod is exact at zeros, to third order', () => {
  const f = (x: Tensor) => prod(x)
  expect(grad(f)(tensor([0, 2, 0])).toArray()).toEqual([0, 0, 0])
  expect(hessian(f)(tensor([0, 2, 0])).toArray()).toEqual([
    [0, 0, 2],
    [0, 0, 0],
    [2, 0, 0],
  ])
  const third = jacrev(hessian(f))(tensor([0, 0, 0])).toArray()
  expect(third).toEqual([
    [
      [0, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ],
    [
      [0, 0, 1],
      [0, 0, 0],
      [1, 0, 0],
    ],
    [
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
    ],
  ])
})

it('prod over several axes that are no neighbours', () => {
  const x = reshape(tensor([1, 2, 3, 4, 5, 6, 7, 0]), [2, 2, 2])
  expect(prod(x, [0, 2]).toArray()).toEqual([60, 0])
  expect(grad((y: Tensor) => sum(prod(y, [0, -1])))(x).toArray()).toEqual([
    [
      [60, 30],
      [0, 0],
    ],
    [
      [12, 10],
      [0, 84],
    ],
  ])
})

it('nothing at all has a product, any and all, but no extreme', () => {
  expect(prod(zeros([2, 0]), 1).toArray()).toEqual([1, 1])
  expect(grad((x: Tensor) => sum(prod(x, 1)))(zeros([2, 0])).shape).toEqual([2, 0])
  expect([any(zeros([0])).toArray(), all(zeros([0])).toArray()]).toEqual([false, true])
  expect(() => amax(zeros([2, 0]), 1)).toThrow(ShapeError)
  expect(amax(zeros([0, 2]), 1).shape).toEqual([0])
})

it('NaN wins an extreme and takes its gradient; it is not 0', () => {
  expect(
    amin(
      tensor([
        [1, NaN],
        [2, 3],
      ]),
      1,
    ).toArray(),
  ).toEqual([NaN, 2])
  expect(grad((x: Tensor) => amax(x))(tensor([1, NaN, 3])).toArray()).toEqual([0, 1, 0])
  expect(all(tensor([NaN, 1])).toArray()).toBe(true)
})

it('integers stay integers, options may stand alone', () => {
  const x = tensor(
    [
      [3, 2],
      [5, 1],
    ],
    { dtype: 'int32' },
  )
  expect([prod(x).dtype, amax(x).dtype, any(x).dtype]).toEqual(['int32', 'int32', 'bool'])
  expect(amin(x, { keepdim: true }).toArray()).toEqual([[1]])
  expect(prod(tensor([true, true])).dtype).toBe('int32')
})
