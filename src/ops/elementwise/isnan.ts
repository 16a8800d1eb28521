import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * True where x is not a number.
 * @example isnan(tensor([1, NaN])) // [false, true]
 */
export const isnan = elementwise({
  name: 'isnan',
  args: ['x'],
  dtype: 'bool',
  formula: ({ x }) => s.eq(s.eq(x, x), s.c(0)),
  points: [
    { at: [1], y: 0 },
    { at: [Infinity], y: 0 },
    { at: [NaN], y: 1 },
  ],
})
