/** What depends on how many elements are not 0. */
import { expect, it } from 'vitest'
import { grad, vmap } from '../../autodiff/index.ts'
import { DTypeError, GradError, ShapeError } from '../../errors/index.ts'
import { sum } from '../../ops/reduce/index.ts'
import { ones, type Tensor, tensor, zeros } from '../../tensor/index.ts'
import { transposed } from '../shape/index.ts'
import { maskedSelect, nonzero } from './index.ts'

it('nonzero lists places in row-major order, whatever the layout', () => {
  const x = transposed(
    tensor([
      [0, 1],
      [NaN, 0],
      [2, 0],
    ]),
  )
  expect(nonzero(x).toArray()).toEqual([
    [0, 1],
    [0, 2],
    [1, 0],
  ])
  expect(nonzero(x).dtype).toBe('int32')
  expect(nonzero(zeros([2, 3])).shape).toEqual([0, 2])
  expect([nonzero(tensor(5)).shape, nonzero(tensor(0)).shape]).toEqual([
    [1, 0],
    [0, 0],
  ])
  expect(nonzero(tensor([true, false, true])).toArray()).toEqual([[0], [2]])
  expect(() => vmap((y: Tensor) => nonzero(y))(ones([2, 2]))).toThrow(GradError)
})

it('maskedSelect picks, broadcast, and sends the gradient back', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ])
  expect(maskedSelect(x, [true, false]).toArray()).toEqual([1, 3])
  expect(
    maskedSelect(tensor([1, 2]), [
      [true, false],
      [true, true],
    ]).toArray(),
  ).toEqual([1, 1, 2])
  expect(maskedSelect(tensor(3), tensor(true)).toArray()).toEqual([3])
  expect(maskedSelect(x, tensor(false)).shape).toEqual([0])
  const slope = grad((y: Tensor) =>
    sum(
      maskedSelect(y, [
        [true, false],
        [true, true],
      ]),
    ),
  )(tensor([5, 6]))
  expect(slope.toArray()).toEqual([2, 1])
  expect(() => maskedSelect(x, tensor([1, 0]))).toThrow(DTypeError)
  expect(() => maskedSelect(x, [true, false, true])).toThrow(ShapeError)
})
