import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a >= b, elementwise, as bool.
 * @example ge(tensor([1, 2]), 2) // [false, true]
 */
export const ge = elementwise({
  name: 'ge',
  args: ['a', 'b'],
  dtype: 'bool',
  formula: ({ a, b }) => s.le(b, a),
  points: [
    { at: [1, 1], y: 1 },
    { at: [1, 2], y: 0 },
    { at: [NaN, 1], y: 0 },
  ],
})
