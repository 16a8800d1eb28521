import type { TraceTensor } from 'chainrule/explain'
import { describe, expect, it } from 'vitest'
import { brief, full, magnitude, normOf } from './numbers.ts'

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

describe('in a few characters', () => {
  it.each([
    [[1, -1], '[1, -1]'],
    [[0, 'NaN', -1], '[0, NaN, -1]'],
    [[0, 'NaN', -0.6942, 0.5, 'NaN', 1.386, 1.609, 1.792], '-0.69 to 1.8, 2 NaN'],
    [['NaN', -2.07, 'NaN', 'NaN', 'NaN'], '-2.07, 4 NaN'],
    [['NaN', 'NaN', 0, 0, 0], '0, 2 NaN'],
    [['NaN', 'NaN', 'NaN', 'NaN', 'NaN'], '5 NaN'],
    [['Infinity', 1, 2, 3, 4], '1 to 4, 1 ∞'],
    [['Infinity', '-Infinity', 1, 2, 3], '1 to 3, 1 ∞, 1 -∞'],
    [['Infinity', '-Infinity', 'NaN', 1, 2], '1 to 2, 3 NaN or ∞'],
    [[-1.234e-7, 5.678e-7, 'NaN', 0, 0], '|x| ≤ 5.7e-7, 1 NaN'],
    [[2, 2, 2, 2, 2], 'all 2'],
    [[], 'empty'],
  ] as const)('%j is %s', (data, text) => {
    expect(brief(vector(data))).toBe(text)
    expect(text.length).toBeLessThanOrEqual(20)
  })

  it('tells of what is not finite where the trace keeps a summary', () => {
    const summary = { min: -1, max: 3, mean: 1, norm: 4, zeros: 0, nonFinite: 7 }
    const large: TraceTensor = { shape: [9000], dtype: 'float64', data: null, summary }
    expect(brief(large)).toBe('-1 to 3, 7 NaN or ∞')
    expect(normOf(large)).toBeNaN()
  })

  it('tells of what is not listed', () => {
    const data = [...Array(70).fill(1), 'NaN'] as TraceTensor['data']
    expect(full(vector(data))).toMatch(/^\[1,.*, …\], 1 NaN$/)
  })
})
