import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a = b, elementwise, as bool.
 * @example eq(tensor([1, 2]), 2) // [false, true]
 */
export const eq = elementwise({
  name: 'eq',
  args: ['a', 'b'],
  dtype: 'bool',
  formula: ({ a, b }) => s.eq(a, b),
  points: [
    { at: [1, 1], y: 1 },
    { at: [1, 2], y: 0 },
    { at: [NaN, NaN], y: 0 },
    { at: [Infinity, Infinity], y: 1 },
  ],
})
