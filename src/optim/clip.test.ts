/** Clipping apart from PyTorch's numbers (test/optim-fixtures.test.ts): extremes, layouts and errors. */
import { expect, test } from 'vitest'
import { permute } from '../ops/view/permute.ts'
import { fromArray, type Tensor, tensor } from '../tensor/index.ts'
import { clipGradNorm, clipGradValue } from './index.ts'

function withGrad(grad: Tensor): Tensor {
  const x = fromArray(new Float64Array(grad.size), grad.shape, 'float64')
  x.grad = grad
  return x
}
const double = (data: number[]) => withGrad(tensor(data, { dtype: 'float64' }))

test('the norm of huge and tiny gradients neither overflows nor vanishes', () => {
  expect(clipGradNorm([double([3e200, 4e200])], 1).item()).toBeCloseTo(5e200, -190)
  expect(clipGradNorm([double([3e-200, 4e-200])], 1).item() / 5e-200).toBeCloseTo(1, 12)
  const x = double([3e200, 4e200])
  clipGradNorm(x, 1)
  expect(x.grad?.toArray()).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6)])
})

test('the norm is that of all gradients together, in their dtype; none give 0', () => {
  const params = [double([3]), double([]), tensor([9]), double([-4])]
  const norm = clipGradNorm(params, 100)
  expect([norm.item(), norm.dtype, norm.shape]).toEqual([5, 'float64', []])
  expect(params[0].grad?.toArray()).toEqual([3])
  expect(clipGradNorm([tensor([1])], 1).item()).toBe(0)
})

test('a norm that is not finite is as PyTorch treats it, or an error', () => {
  const x = double([1, Infinity])
  expect(() => clipGradNorm(x, 1, { errorIfNonfinite: true })).toThrow(/norm of the gradients is Infinity/)
  expect(x.grad?.toArray()).toEqual([1, Infinity])
  expect(clipGradNorm(x, 1).item()).toBe(Infinity)
  expect(x.grad?.toArray()).toEqual([0, Number.NaN])
  const y = double([1, Number.NaN])
  for (const normType of [1, 2, 3, Infinity]) expect(clipGradNorm(y, 1, { normType }).item()).toBeNaN()
})

test('gradients that are not contiguous are changed in place', () => {
  const base = tensor(
    [
      [3, 0],
      [4, 0],
    ],
    { dtype: 'float64' },
  )
  const x = withGrad(permute(base, [1, 0]))
  const { version } = base
  clipGradNorm(x, 1)
  expect(base.toArray()).toEqual([
    [expect.closeTo(0.6, 6), 0],
    [expect.closeTo(0.8, 6), 0],
  ])
  clipGradValue([x], 0.7)
  expect(base.toArray()).toEqual([
    [expect.closeTo(0.6, 6), 0],
    [0.7, 0],
  ])
  expect(base.version).toBe(version + 2)
})

test('arguments are checked', () => {
  const x = double([1])
  expect(() => clipGradNorm(x, -1)).toThrow(/clipGradNorm: maxNorm/)
  expect(() => clipGradNorm(x, 1, { normType: 0 })).toThrow(/normType must be above 0/)
  expect(() => clipGradNorm(x, 1, { norm: 2 } as object)).toThrow(/unknown option 'norm'/)
  expect(() => clipGradNorm([1 as unknown as Tensor], 1)).toThrow(/parameter 0 is not a tensor/)
  expect(() => clipGradValue(x, Number.NaN)).toThrow(/clipGradValue: clip/)
})
