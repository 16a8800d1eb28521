import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * |x|, with slope 0 at 0.
 * @example abs(tensor([1, -2])) // [1, 2]
 */
export const abs = elementwise({
  name: 'abs',
  args: ['x'],
  dtype: 'same',
  formula: ({ x }) => s.abs(x),
  points: [
    { at: [-2], y: 2, partials: [-1] },
    { at: [0], y: 0, partials: [0] },
    { at: [2], y: 2, partials: [1] },
    { at: [-Infinity], y: Infinity, partials: [-1] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
