import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * The smallest integer that is not below x; slope 0 everywhere.
 * @example ceil(tensor([-1.5, 1.5])) // [-1, 2]
 */
export const ceil = elementwise({
  name: 'ceil',
  args: ['x'],
  dtype: 'same',
  formula: ({ x }) => s.neg(s.floor(s.neg(x))),
  points: [
    { at: [0.5], y: 1, partials: [0] },
    { at: [2], y: 2, partials: [0] },
    { at: [-Infinity], y: -Infinity, partials: [0] },
    { at: [NaN], y: NaN, partials: [0] },
  ],
})
