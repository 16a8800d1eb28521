import fc from 'fast-check'
import { expect, it } from 'vitest'
import { chop, displayWidth, padBoth, padLeft, padRight } from './width.ts'

it('counts the columns that a terminal uses', () => {
  // biome-ignore format: a table
  const rows: [string, number][] = [
    ['', 0], ['abc', 3], ['∂L/∂w', 5], ['naïve', 5], ['nai\u0308ve', 5], ['中文', 4], ['ｗ', 2], ['한국', 4], ['🙂', 2],
    ['👩‍👩‍👧', 2], ['🇦🇹', 2], ['❤️', 2], ['❤', 1], ['x²', 2], ['W₁', 2], ['\u200b', 0], ['─', 1], ['a\u0301\u0302', 1],
  ]
  for (const [text, width] of rows) expect(displayWidth(text), text).toBe(width)
})

it('pads to the width and never cuts', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, width) => {
      for (const pad of [padLeft, padRight, padBoth])
        expect(displayWidth(pad(text, width))).toBe(Math.max(width, displayWidth(text)))
    }),
  )
  expect(padBoth('ab', 5)).toBe(' ab  ')
})

it('chops between characters only', () => {
  expect(chop('中文ab', 3)).toEqual(['中', '文a', 'b'])
  expect(chop('👩‍👩‍👧👩‍👩‍👧', 2)).toEqual(['👩‍👩‍👧', '👩‍👩‍👧'])
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 9 }), (text, width) => {
      const pieces = chop(text, width)
      expect(pieces.join('')).toBe(text)
      for (const piece of pieces) expect(displayWidth(piece)).toBeLessThanOrEqual(width)
    }),
  )
})
