import type { TraceTensor } from 'chainrule/explain'
import { describe, expect, it } from 'vitest'
import { magnitude, normOf } from './numbers.ts'

const vector = (data: TraceTensor['data']): TraceTensor => ({ shape: [data!.length], dtype: 'float64', data })

describe('the norm', () => {
  it.each([
    [[3, -4], 5],
    [[1e200, 0], 1e200],
    [[3, 'NaN'], NaN],
    [[3, '-Infinity'], Infinity],
    [[], 0],
  ] as const)('of %j is %d', (data, norm) => expect(normOf(vector(data))).toBe(norm))

  it('is not that of the finite elements, of which widths are made', () => {
    expect(magnitude(vector([3, 'NaN', -4]))).toBe(5)
  })

  it('is found of as many elements as a trace may list', () => {
    expect(magnitude(vector(Array(160_000).fill(1)))).toBeCloseTo(400, 9)
  })
})
