import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a b
 * @example mul(tensor([1, 2]), 3) // [3, 6]
 */
export const mul = elementwise({
  name: 'mul',
  args: ['a', 'b'],
  dtype: 'same',
  formula: ({ a, b }) => s.mul(a, b),
  points: [
    { at: [3, 2], y: 6, partials: [2, 3] },
    { at: [0, Infinity], y: NaN, partials: [Infinity, 0] },
  ],
})
