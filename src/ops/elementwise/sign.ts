import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * -1, 0 or 1, by the sign of x; slope 0 everywhere.
 * @example sign(tensor([-2, 0, 3])) // [-1, 0, 1]
 */
export const sign = elementwise({
  name: 'sign',
  args: ['x'],
  dtype: 'same',
  formula: ({ x }) => s.sign(x),
  points: [
    { at: [-2], y: -1, partials: [0] },
    { at: [0], y: 0, partials: [0] },
    { at: [Infinity], y: 1, partials: [0] },
    { at: [NaN], y: NaN, partials: [0] },
  ],
})
