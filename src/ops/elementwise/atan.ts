import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * arctan x
 * @example atan(tensor([0, 1])) // [0, 0.7854]
 */
export const atan = elementwise({
  name: 'atan',
  args: ['x'],
  formula: ({ x }) => s.atan2(x, s.c(1)),
  tex: String.raw`\arctan x`,
  points: [
    { at: [0], y: 0, partials: [1] },
    { at: [1], y: 0.7853981633974483, partials: [0.5] },
    { at: [1e200], y: 1.5707963267948966, partials: [0] },
    { at: [-Infinity], y: -1.5707963267948966, partials: [0] },
  ],
})
