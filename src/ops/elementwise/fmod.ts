import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a - b trunc(a / b), exactly: the remainder with the sign of a (C's `fmod`). NaN for b = 0.
 * @example fmod(tensor([5, -5]), 3) // [2, -2]
 */
export const fmod = elementwise({
  name: 'fmod',
  args: ['a', 'b'],
  dtype: 'same',
  formula: ({ a, b }) => s.fmod(a, b),
  domain: { a: [-5, 5], b: [0.5, 3] },
  points: [
    { at: [5, 3], y: 2, partials: [1, -1] },
    { at: [-5, 3], y: -2, partials: [1, 1] },
    { at: [5, -3], y: 2, partials: [1, 1] },
    { at: [6, 3], y: 0, partials: [1, -2] },
    { at: [5, Infinity], y: 5, partials: [1, 0] },
    { at: [1, 0], y: NaN, partials: [1, NaN] },
    { at: [Infinity, 2], y: NaN, partials: [1, NaN] },
  ],
})
