/** Axes: round ticks, places between 0 and 1, and values that have none. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scaleOf } from './scale.ts'

const labels = (...args: Parameters<typeof scaleOf>): string[] => scaleOf(...args).ticks.map(({ label }) => label)

describe('linear axes', () => {
  it.each<[number[], string[]]>([
    [
      [0, 2.31],
      ['0', '0.5', '1.0', '1.5', '2.0', '2.5'],
    ],
    [
      [-1, 4],
      ['-1', '0', '1', '2', '3', '4'],
    ],
    [
      [0.9, 1.1],
      ['0.90', '0.95', '1.00', '1.05', '1.10'],
    ],
    [
      [1000.001, 1000.003],
      ['1000.0010', '1000.0015', '1000.0020', '1000.0025', '1000.0030'],
    ],
    [
      [-1e-5, 1e-5],
      ['-1e-5', '-5e-6', '0', '5e-6', '1e-5'],
    ],
    [
      [0, 3e8],
      ['0', '5e7', '1e8', '1.5e8', '2e8', '2.5e8', '3e8'],
    ],
    [[], ['0', '0.2', '0.4', '0.6', '0.8', '1.0']],
    [
      [0, 0],
      ['0', '0.2', '0.4', '0.6', '0.8', '1.0'],
    ],
    [[7], ['2', '4', '6', '8', '10', '12']],
    [
      [Number.NaN, 3, Infinity, 5],
      ['3.0', '3.5', '4.0', '4.5', '5.0'],
    ],
  ])('of %j has the ticks %j', (values, expected) => expect(labels('linear', values)).toEqual(expected))

  it('of whole numbers that end where they end has whole ticks and its ends', () => {
    expect(labels('linear', [1, 2, 3], { isTight: true, ticks: 8 })).toEqual(['1', '2', '3'])
    expect(labels('linear', [1, 50], { isTight: true, ticks: 6 })).toEqual(['1', '10', '20', '30', '40', '50'])
    expect(labels('linear', [0, 4999], { isTight: true, ticks: 6 })).toEqual([
      '0',
      '1000',
      '2000',
      '3000',
      '4000',
      '4999',
    ])
  })
})

describe('logarithmic axes', () => {
  it.each<[number[], string[]]>([
    [
      [0.002, 30],
      ['0.001', '0.01', '0.1', '1', '10', '100'],
    ],
    [
      [0.3, 0.8],
      ['0.1', '0.2', '0.5', '1'],
    ],
    [[1], ['1', '2', '5', '10']],
    [
      [1e-35, 1],
      ['1e-35', '1e-30', '1e-25', '1e-20', '1e-15', '1e-10', '1e-5', '1'],
    ],
    [
      [5e-324, 1e308],
      ['1e-300', '1e-200', '1e-100', '1', '1e100', '1e200', '1e300'],
    ],
    [
      [0, 0.02, 0.5],
      ['0', '0.01', '0.02', '0.05', '0.1', '0.2', '0.5', '1'],
    ],
    [[0], ['0', '1', '2', '5', '10']],
    [[], ['1', '2', '5', '10']],
  ])('of %j has the ticks %j', (values, expected) => expect(labels('log', values)).toEqual(expected))

  it('puts zeros on a floor of their own, and nowhere else', () => {
    const { at, floor } = scaleOf('log', [0, 1e-3, 1])
    expect(at(0)).toBe(0)
    expect(at(1e-3)).toBe(floor)
    expect(at(1)).toBe(1)
    expect(floor).toBeGreaterThan(0)
    expect(scaleOf('log', [1e-3, 1]).floor).toBe(0)
  })

  it('has no place for negative values, NaN and infinities', () => {
    const { at } = scaleOf('log', [1, 10])
    for (const value of [-1, Number.NaN, Infinity, -Infinity]) expect(at(value)).toBeNaN()
  })
})

describe.each(['linear', 'log'] as const)('every %s axis', (kind) => {
  it('has room for all values in their order, few ticks, and no two that read the same', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 8 }), (values) => {
        const { at, ticks } = scaleOf(kind, values)
        const placed = values.filter((value) => !Number.isNaN(at(value))).sort((a, b) => a - b)
        for (const [i, value] of placed.entries()) {
          expect(at(value)).toBeGreaterThanOrEqual(-1e-9)
          expect(at(value)).toBeLessThanOrEqual(1 + 1e-9)
          if (i > 0) expect(at(value)).toBeGreaterThanOrEqual(at(placed[i - 1]))
        }
        expect(placed.length).toBe(
          values.filter((value) => Number.isFinite(value) && (kind === 'linear' || value >= 0)).length,
        )
        expect(ticks.length).toBeGreaterThan(1)
        expect(ticks.length).toBeLessThan(16)
        expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length)
      }),
      { numRuns: 400 },
    )
  })
})
