import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * The nearest integer, of two the even one; slope 0 everywhere.
 * @example round(tensor([0.5, 1.5])) // [0, 2]
 */
export const round = elementwise({
  name: 'round',
  args: ['x'],
  dtype: 'same',
  formula: ({ x }) => s.round(x),
  points: [
    { at: [0.5], y: 0, partials: [0] },
    { at: [1.5], y: 2, partials: [0] },
    { at: [2.5], y: 2, partials: [0] },
    { at: [-1.5], y: -2, partials: [0] },
    { at: [Infinity], y: Infinity, partials: [0] },
    { at: [NaN], y: NaN, partials: [0] },
  ],
})
