import { expect, it } from 'vitest'
import { shareText } from './share.ts'

it.each([
  [1, 4, '25.0 %'],
  [-1, 3, '-33.3 %'],
  [0, 3, '0 %'],
  [-0, 3, '0 %'],
  [1e-9, 1, '1e-7 %'],
  [-4e-4, 1, '-0.04 %'],
  [1, 1e-9, '1e11 %'],
  [5e-324, 5e-324, '100.0 %'],
  [1, 0, '—'],
  [1, NaN, '—'],
  [Infinity, Infinity, '—'],
])('%d of %d is %s', (product, sum, text) => expect(shareText(product, sum)).toBe(text))
