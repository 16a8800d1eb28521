import { describe, expect, it } from 'vitest'
import { ArgumentError, GradError, ShapeError } from '../../errors/index.ts'
import { select, stack } from '../../functional/index.ts'
import { add, mul, sin, square } from '../../ops/elementwise/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { linearization } from './linearization.ts'

const h = (x: Tensor): Tensor => {
  const [a, b] = [select(x, 0, 0), select(x, 0, 1)]
  return stack([add(sin(square(a)), mul(a, b)), mul(mul(a, b), square(b))])
}
const x = tensor([1, 2], { dtype: 'float64' })
const d = tensor([0.001, -0.002], { dtype: 'float64' })

describe('linearization', () => {
  it('errs by the square of the step', () => {
    const { value, slope, steps } = linearization(h, x, d)
    const near = (a: readonly number[], b: readonly number[]) => {
      for (const [i, v] of b.entries()) expect(a[i]).toBeCloseTo(v, 14)
    }
    near(value, [2.8414709848078967, 8])
    near(slope, [3.0806046117362795 * 0.001 - 0.002, 8 * 0.001 - 12 * 0.002])
    near(steps[0].actual, [2.8425484443756837, 7.984000015991999])
    near(steps[0].error, [-3.1450439492708426e-6, 1.5991998836284438e-8])
    near(steps[1].error, [-7.859603932125481e-7, 1.9995010092088705e-9])
    for (const { order } of steps.slice(1)) expect(order).toBeCloseTo(2, 2)
  })

  it('is exact for what is linear', () => {
    const { steps } = linearization((v) => mul(v, 3), x, tensor([1, 1], { dtype: 'float64' }))
    expect(steps.map(({ size }) => size)).toEqual([0, 0, 0, 0, 0])
  })

  it('refuses', () => {
    expect(() => linearization(h, x, tensor([1]))).toThrow(ShapeError)
    expect(() => linearization(h, x, d, [-1])).toThrow(ArgumentError)
    expect(() => linearization(() => 1 as never, x, d)).toThrow(GradError)
    expect(() => linearization(h, [1, 2] as never, d)).toThrow(ArgumentError)
  })
})
