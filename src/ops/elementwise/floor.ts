import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * The largest integer that is not above x; slope 0 everywhere.
 * @example floor(tensor([-1.5, 1.5])) // [-2, 1]
 */
export const floor = elementwise({
  name: 'floor',
  args: ['x'],
  dtype: 'same',
  formula: ({ x }) => s.floor(x),
  points: [
    { at: [-0.5], y: -1, partials: [0] },
    { at: [2], y: 2, partials: [0] },
    { at: [-Infinity], y: -Infinity, partials: [0] },
    { at: [NaN], y: NaN, partials: [0] },
  ],
})
