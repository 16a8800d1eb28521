import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * x^2
 * @example square(tensor([1, -3])) // [1, 9]
 */
export const square = elementwise({
  name: 'square',
  args: ['x'],
  dtype: 'same',
  formula: ({ x }) => s.mul(x, x),
  points: [
    { at: [0], y: 0, partials: [0] },
    { at: [-3], y: 9, partials: [-6] },
    { at: [-Infinity], y: Infinity, partials: [-Infinity] },
  ],
})
