import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fullNumber, shortNumber } from './number.ts'

describe('shortNumber', () => {
  // biome-ignore format: a table
  const rows: [number | bigint, string][] = [
    [0, '0'], [-0, '0'], [1, '1'], [-2.5, '-2.5'], [0.1609305905, '0.1609'], [0.5364353, '0.5364'], [100, '100'],
    [1234.56, '1235'], [12345.6, '12346'], [-98765, '-98765'], [99999.4, '99999'], [99999.5, '1e5'], [100000, '1e5'],
    [123456, '1.235e5'], [-1.2e-7, '-1.2e-7'], [0.0001, '0.0001'], [0.00012346, '0.0001235'], [0.00009999, '9.999e-5'],
    [0.000099999, '0.0001'], [1e21, '1e21'], [5e-324, '4.941e-324'], [-1000, '-1000'], [0.001, '0.001'], [Number.MAX_VALUE, '1.798e308'], [NaN, 'NaN'],
    [Infinity, '∞'], [-Infinity, '-∞'], [2n ** 100n, '1267650600228229401496703205376'], [-12345678n, '-12345678'],
  ]
  for (const [x, expected] of rows) it(`${x} is ${expected}`, () => expect(shortNumber(x)).toBe(expected))

  const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

  it('reads back to within half of the fourth digit, and shows the same again', () => {
    fc.assert(
      fc.property(finite, (x) => {
        const back = Number(shortNumber(x))
        const normal = Math.abs(x) > 1e-300 && Math.abs(x) < 1e300
        if (normal) expect(Math.abs(back - x)).toBeLessThanOrEqual(Math.abs(x) * 5.0001e-4)
        if (Number.isFinite(back)) expect(shortNumber(back)).toBe(shortNumber(x))
      }),
    )
  })

  it('keeps the order and is short', () => {
    fc.assert(
      fc.property(finite, finite, (x, y) => {
        expect(shortNumber(x).length).toBeLessThanOrEqual(11)
        if (x <= y) expect(Number(shortNumber(x))).toBeLessThanOrEqual(Number(shortNumber(y)))
      }),
    )
  })
})

it('fullNumber reads back exactly', () => {
  fc.assert(
    fc.property(fc.double(), (x) => {
      expect(Number(fullNumber(x))).toBe(x)
    }),
  )
  expect(fullNumber(-0)).toBe('-0')
  expect(fullNumber(2n ** 64n)).toBe('18446744073709551616')
})
