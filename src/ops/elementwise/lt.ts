import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a < b, elementwise, as bool.
 * @example lt(tensor([1, 2]), 2) // [true, false]
 */
export const lt = elementwise({
  name: 'lt',
  args: ['a', 'b'],
  dtype: 'bool',
  formula: ({ a, b }) => s.lt(a, b),
  points: [
    { at: [1, 1], y: 0 },
    { at: [1, 2], y: 1 },
    { at: [NaN, 1], y: 0 },
    { at: [-Infinity, Infinity], y: 1 },
  ],
})
