/** Sorting against a comparison, over all dtypes, lengths on both sides of every threshold, and what compares oddly. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arange, randn, type Tensor, tensor } from '../../tensor/index.ts'
import type { DType } from '../value.ts'
import { argsort, firstIndices } from './argsort.ts'
import { gather } from './gather.ts'

const odd = [0, -0, NaN, Infinity, -Infinity, 1e-45, -1e-45, 5e-324, 3.4e38, -3.4e38, 1, -1, 2 ** 31 - 1, -(2 ** 31)]
const element = fc.oneof(fc.constantFrom(...odd), fc.integer({ min: -3, max: 3 }), fc.double())

function make(numbers: readonly number[], dtype: DType): Tensor {
  const whole = dtype === 'int32' || dtype === 'bool'
  return tensor(whole ? numbers.map((v) => (dtype === 'bool' ? Number(v > 0) : v | 0)) : [...numbers], { dtype })
}

/** By value, then by place; NaN is the largest and equals itself. */
function reference(row: ArrayLike<number>, descending: boolean): number[] {
  const compare = (a: number, b: number) =>
    a < b ? -1 : a > b ? 1 : a === b ? 0 : Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return Array.from(row, (_, i) => i).sort((i, j) => compare(row[i], row[j]) * (descending ? -1 : 1) || i - j)
}

describe.each(['float32', 'float64', 'int32', 'bool'] as const)('%s', (dtype) => {
  it.each([true, false])('any row, descending %s', (descending) => {
    const rows = fc.array(element, { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(rows, fc.nat(), (numbers, wanted) => {
        const x = make(numbers, dtype)
        const expected = reference(x.data, descending)
        expect([...argsort(x, 0, descending).data]).toEqual(expected)
        const count = wanted % (numbers.length + 1)
        expect([...firstIndices(x, 0, descending, count).data]).toEqual(expected.slice(0, count))
      }),
      { numRuns: 60 },
    )
  })

  it('long rows', () => {
    const x = make(
      [...randn([7000]).data].map((v, i) => (i % 50 === 0 ? NaN : v * 100)),
      dtype,
    )
    for (const descending of [true, false]) {
      const expected = reference(x.data, descending)
      expect([...argsort(x, 0, descending).data]).toEqual(expected)
      expect([...firstIndices(x, 0, descending, 5).data]).toEqual(expected.slice(0, 5))
    }
  })
})

it('every column of what is not in order', () => {
  const x = randn([70, 3, 2])
  const order = argsort(x, 0)
  const sorted = gather(x, 0, order).data
  for (let i = 6; i < sorted.length; i++) expect(sorted[i]).toBeGreaterThanOrEqual(sorted[i - 6])
  expect(firstIndices(x, 0, false, 2).shape).toEqual([2, 3, 2])
  expect([...firstIndices(x, 0, false, 2).data]).toEqual([...order.data].slice(0, 12))
})

it('takes its direction as a flag or as an option', () => {
  const x = arange(3)
  for (const order of [argsort(x, 0, true), argsort(x, 0, { descending: true }), argsort(x, { descending: true })])
    expect(order.toArray()).toEqual([2, 1, 0])
  expect(() => argsort(x, 0, 1 as unknown as boolean)).toThrow(/options come last as one object/)
})
