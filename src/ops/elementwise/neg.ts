import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * -x
 * @example neg(tensor([1, -2])) // [-1, 2]
 */
export const neg = elementwise({
  name: 'neg',
  args: ['x'],
  dtype: 'same',
  formula: ({ x }) => s.neg(x),
  points: [
    { at: [3], y: -3, partials: [-1] },
    { at: [Infinity], y: -Infinity, partials: [-1] },
  ],
})
