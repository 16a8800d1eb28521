/** Estimated widths: never less than what common fonts need. */
import { describe, expect, it } from 'vitest'
import { isCommon, monoWidth, sansWidth, shortened } from './text.ts'

/** Advance widths of DejaVu Sans, a wide font, in 2048ths of its size. */
const DEJAVU: readonly (readonly [string, number])[] = [
  ['i', 569],
  ['.', 651],
  ['t', 803],
  ['0', 1303],
  ['a', 1255],
  ['m', 1995],
  ['W', 2025],
  ['@', 2048],
  ['-', 739],
  ['=', 1716],
]

describe('widths', () => {
  it.each(DEJAVU)('of %s are at least those of DejaVu Sans', (character, advance) => {
    expect(sansWidth(character, 2048)).toBeGreaterThanOrEqual(advance)
  })

  it('count wide characters and emoji twice', () => {
    expect(monoWidth('値🎉', 10)).toBeCloseTo(monoWidth('abcd', 10), 12)
    expect(monoWidth('e\u0301', 10)).toBe(monoWidth('e', 10))
  })

  it('are trusted for letters that all fonts have', () => {
    expect(isCommon('z1 · mul, σ′(0.5) = ∞')).toBe(false)
    expect(isCommon('z1 · mul, gradient -1.2e-7, σ, ∞')).toBe(true)
    expect(isCommon('値')).toBe(false)
  })
})

it('cuts at whole characters', () => {
  expect(shortened('layers.0.weight', 9)).toBe('layers.0…')
  expect(shortened('layers', 6)).toBe('layers')
  expect(shortened('値値値', 4)).toBe('値…')
})
