import fc from 'fast-check'
import { expect, it } from 'vitest'
import { equals, product, symbol } from './typeset.ts'
import { displayWidth } from './width.ts'
import { flow, hang, wrap } from './wrap.ts'

it('keeps the width, the words and their order', () => {
  const words = fc.array(fc.stringMatching(/^[a-z中é]{1,12}$/), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(words, fc.integer({ min: 24, max: 80 }), (words, width) => {
      const lines = wrap(words.join(' '), width)
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width)
      expect(lines.join(' ').split(' ')).toEqual(words)
    }),
  )
})

it('cuts a long word, but no number', () => {
  expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
  expect(wrap('of 1267650600228229401496703205376 paths', 10)).toEqual([
    'of',
    '1267650600228229401496703205376',
    'paths',
  ])
  expect(wrap('(-1.2345e-10),', 4)).toEqual(['(-1.2345e-10),'])
})

it('breaks formulas before operators and after commas only', () => {
  const formula = equals(symbol('L'), product([0.5364, 0.6, 1, 0.5]), 0.1609)
  expect(wrap(flow(['so ', formula, '.']), 16)).toEqual(['so L = 0.5364', '× 0.6 × 1 × 0.5', '= 0.1609.'])
})

it('hangs what follows a mark', () => {
  expect(hang('- ', 'one two three', 9)).toEqual(['- one two', '  three'])
})
