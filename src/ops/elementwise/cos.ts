import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * cos x
 * @example cos(tensor([0, 1])) // [1, 0.5403]
 */
export const cos = elementwise({
  name: 'cos',
  args: ['x'],
  formula: ({ x }) => s.cos(x),
  points: [
    { at: [0], y: 1, partials: [0] },
    { at: [Infinity], y: NaN, partials: [NaN] },
  ],
})
