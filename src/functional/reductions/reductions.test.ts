/** Composite reductions at the points where formulas break: constant rows, zero vectors, overflow, masks, NaN. */
import { describe, expect, it } from 'vitest'
import { grad, hessian, jvp, vmap } from '../../autodiff/index.ts'
import { ArgumentError, DTypeError } from '../../errors/index.ts'
import { type Tensor, tensor, zeros } from '../../tensor/index.ts'
import {
  cumprod,
  logSoftmax,
  logsumexp,
  max,
  mean,
  min,
  norm,
  softmax,
  sort,
  std,
  sum,
  topk,
  variance,
} from './index.ts'

const Inf = Number.POSITIVE_INFINITY
const f64 = (data: Parameters<typeof tensor>[0]): Tensor => tensor(data, { dtype: 'float64' })

describe('std and variance', () => {
  it('have gradient 0 and a finite Hessian at a constant row, whatever its mean rounds to', () => {
    for (const x of [f64([0.1, 0.1, 0.1]), tensor([0.1, 0.1, 0.1])]) {
      expect(grad((y: Tensor) => std(y))(x).toArray()).toEqual([0, 0, 0])
      expect(hessian((y: Tensor) => std(y))(x).toArray()).toEqual([
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
      ])
    }
  })

  it('keep their digits far from 0 and are NaN where nothing is left to divide by', () => {
    expect(variance(tensor([1e8, 1e8 + 8, 1e8 + 16])).item()).toBe(64)
    expect(variance(tensor([3])).item()).toBeNaN()
    expect(variance(tensor([1, 3]), { correction: 0, keepdim: true }).toArray()).toEqual([1])
  })
})

describe('norm', () => {
  it('neither overflows nor vanishes', () => {
    expect(norm(tensor([3e30, 4e30])).item()).toBeCloseTo(5e30, -24)
    expect(grad((x: Tensor) => norm(x))(tensor([3e-30, 4e-30])).data[0]).toBeCloseTo(0.6, 6)
    expect(norm(tensor([1, Inf])).item()).toBe(Inf)
    expect(norm(tensor([1, NaN])).item()).toBeNaN()
  })

  it.each([0, 0.5, 1, 1.5, 2, 3, 3.5, Inf, -Inf])('has gradient and Hessian 0 at the zero vector for p = %d', (p) => {
    const f = (x: Tensor) => norm(x, { p })
    expect(f(zeros([2])).item()).toBe(0)
    expect(Array.from(grad(f)(zeros([2])).data, Math.abs)).toEqual([0, 0])
    expect(Array.from(hessian(f)(zeros([2])).data, Math.abs)).toEqual([0, 0, 0, 0])
  })

  it('takes negative p, and rejects what is no number', () => {
    expect(norm(f64([1, 2]), 0, { p: -1 }).item()).toBeCloseTo(2 / 3, 12)
    expect(norm(f64([1, 0]), 0, { p: -1 }).item()).toBe(0)
    expect(() => norm(f64([1]), { p: NaN })).toThrow(ArgumentError)
    expect(() => norm(f64([1]), { q: 2 } as object)).toThrow(/unknown option 'q'; it takes { p, keepdim, dim }/)
  })
})

describe('logsumexp and softmax', () => {
  it('are exact at ±1000 and at -Infinity', () => {
    const rows = f64([
      [1000, 1000],
      [-1000, -1000],
      [-Inf, -Inf],
      [-Inf, 3],
    ])
    expect(logsumexp(rows, 1).toArray()).toEqual([1000 + Math.LN2, -1000 + Math.LN2, -Inf, 3])
    expect(grad((x: Tensor) => logsumexp(x))(f64([-Inf, 3])).toArray()).toEqual([0, 1])
    expect(logSoftmax(f64([0, 1000])).toArray()).toEqual([-1000, 0])
  })

  it('are NaN for a row that is masked as a whole, and only there', () => {
    const rows = f64([
      [-Inf, -Inf],
      [0, -Inf],
    ])
    expect(softmax(rows).toArray()).toEqual([
      [NaN, NaN],
      [1, 0],
    ])
    expect(logSoftmax(rows).toArray()).toEqual([
      [NaN, NaN],
      [0, -Inf],
    ])
  })

  it('work inside of vmap and of forward mode', () => {
    const f = (x: Tensor) => logsumexp(x)
    expect(
      vmap(grad(f))(
        f64([
          [0, 0],
          [1000, 0],
        ]),
      ).toArray(),
    ).toEqual([
      [0.5, 0.5],
      [1, 0],
    ])
    expect(jvp(f, [f64([5, 5])], [f64([1, 3])])[1].item()).toBe(2)
  })

  it('take empty rows and scalars', () => {
    expect(softmax(zeros([2, 0])).shape).toEqual([2, 0])
    expect(softmax(tensor(3)).item()).toBe(1)
    expect(logsumexp(zeros([0])).item()).toBe(-Inf)
  })
})

describe('what is picked', () => {
  it('max shares a tie without dim and gives it to the first with one', () => {
    const x = tensor([2, 5, 5])
    expect(grad((y: Tensor) => max(y))(x).toArray()).toEqual([0, 0.5, 0.5])
    expect(grad((y: Tensor) => max(y, 0).values)(x).toArray()).toEqual([0, 1, 0])
    expect(min(tensor(3), 0).values.item()).toBe(3)
    expect(
      max(
        tensor(
          [
            [1, 7],
            [2, 3],
          ],
          { dtype: 'int32' },
        ),
        -1,
        { keepdim: true },
      ).values.toArray(),
    ).toEqual([[7], [3]])
  })

  it('sort and topk send the gradient where the value came from', () => {
    const x = tensor([3, 1, 2])
    expect(grad((y: Tensor) => sum(topk(y, 2).values))(x).toArray()).toEqual([1, 0, 1])
    expect(
      vmap((y: Tensor) => sort(y, 0, { descending: true }).values)(
        tensor([
          [3, 1, 2],
          [0, 5, 4],
        ]),
      ).toArray(),
    ).toEqual([
      [3, 2, 1],
      [5, 4, 0],
    ])
    expect(topk(tensor([1, 3, 3, 2]), 2).indices.toArray()).toEqual([1, 2])
    expect(() => topk(x, 4)).toThrow(/k must be an integer from 0 to 3 for dim -1 of \[3\], got 4/)
  })
})

it('cumprod is exact with zeros, at second order too', () => {
  expect(hessian((y: Tensor) => sum(cumprod(y, 0)))(tensor([0, 0, 3])).toArray()).toEqual([
    [0, 4, 0],
    [4, 0, 0],
    [0, 0, 0],
  ])
  expect(
    cumprod(
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      0,
    ).toArray(),
  ).toEqual([
    [1, 2],
    [3, 8],
    [15, 48],
  ])
})

it('mean asks for floating point values', () => {
  expect(() => mean(tensor([1, 2], { dtype: 'int32' }))).toThrow(DTypeError)
  expect(
    mean(
      tensor([
        [1, 2],
        [3, 4],
      ]),
      { keepdim: true },
    ).toArray(),
  ).toEqual([[2.5]])
})
