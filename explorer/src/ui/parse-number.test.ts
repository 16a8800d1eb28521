import { describe, expect, it } from 'vitest'
import { parseNumber } from './parse-number.ts'
import { copyNumber, isFiniteShown, showNumber } from './show-number.ts'

describe('a number that was typed', () => {
  it.each([
    ['-2', -2],
    ['.5', 0.5],
    ['5.', 5],
    ['1e-3', 0.001],
    ['−1.5', -1.5],
    ['+2', 2],
    ['0,5', 0.5],
    ['0,125', 0.125],
    ['1,5', 1.5],
    [' 3 ', 3],
    ['-0', -0],
  ])('%s is %d', (text, value) => {
    expect(parseNumber(text)).toEqual({ value })
  })

  it.each([
    ['', 'Type a number'],
    ['-', 'not a number'],
    ['1,234', 'in two ways'],
    ['1.2.3', 'not a number'],
    ['0x10', 'not a number'],
    ['two', 'not a number'],
    ['NaN', 'Only finite'],
    ['-Infinity', 'Only finite'],
    ['∞', 'Only finite'],
    ['1e999', 'beyond the largest'],
  ])('%s is refused', (text, why) => {
    expect(parseNumber(text)).toEqual({ why: expect.stringContaining(why) })
  })
})

describe('a number on screen', () => {
  it.each([
    [0, '0', '0'],
    [1.2e-7, '1.2e-7', '1.2e-7'],
    [0.160912345, '0.1609', '0.160912345'],
    [-3, '-3', '-3'],
    ['NaN', 'NaN', 'NaN'],
    ['-Infinity', '-∞', '-Infinity'],
    [null, '—', ''],
    [2n ** 100n, '1267650600228229401496703205376', '1267650600228229401496703205376'],
  ] as const)('%s', (value, shown, copied) => {
    expect([showNumber(value), copyNumber(value)]).toEqual([shown, copied])
  })

  it('knows what is not finite', () => {
    expect([1, null, 'NaN', 'Infinity'].map((x) => isFiniteShown(x as number))).toEqual([true, true, false, false])
  })
})
