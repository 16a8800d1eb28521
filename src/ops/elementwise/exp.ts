import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * e^x
 * @example exp(tensor([0, 1])) // [1, 2.7183]
 */
export const exp = elementwise({
  name: 'exp',
  args: ['x'],
  formula: ({ x }) => s.exp(x),
  partials: ({ y }) => ({ x: y }),
  points: [
    { at: [0], y: 1, partials: [1] },
    { at: [1000], y: Infinity, partials: [Infinity] },
    { at: [-1000], y: 0, partials: [0] },
    { at: [-Infinity], y: 0, partials: [0] },
  ],
})
