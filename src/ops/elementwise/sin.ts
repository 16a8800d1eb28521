import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * sin x
 * @example sin(tensor([0, 1])) // [0, 0.8415]
 */
export const sin = elementwise({
  name: 'sin',
  args: ['x'],
  formula: ({ x }) => s.sin(x),
  points: [
    { at: [0], y: 0, partials: [1] },
    { at: [Infinity], y: NaN, partials: [NaN] },
  ],
})
