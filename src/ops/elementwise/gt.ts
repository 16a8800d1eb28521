import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a > b, elementwise, as bool.
 * @example gt(tensor([1, 2]), 2) // [false, false]
 */
export const gt = elementwise({
  name: 'gt',
  args: ['a', 'b'],
  dtype: 'bool',
  formula: ({ a, b }) => s.lt(b, a),
  points: [
    { at: [1, 1], y: 0 },
    { at: [2, 1], y: 1 },
    { at: [NaN, 1], y: 0 },
  ],
})
