import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a != b, elementwise, as bool; NaN differs from itself.
 * @example ne(tensor([1, 2]), 2) // [true, false]
 */
export const ne = elementwise({
  name: 'ne',
  args: ['a', 'b'],
  dtype: 'bool',
  formula: ({ a, b }) => s.eq(s.eq(a, b), s.c(0)),
  points: [
    { at: [1, 1], y: 0 },
    { at: [1, 2], y: 1 },
    { at: [NaN, NaN], y: 1 },
  ],
})
