import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * arccos x; NaN beyond [-1, 1], slope -Infinity at its ends.
 * @example acos(tensor([0, 1])) // [1.5708, 0]
 */
export const acos = elementwise({
  name: 'acos',
  args: ['x'],
  formula: ({ x }) => s.acos(x),
  domain: { x: [-0.9, 0.9] },
  points: [
    { at: [0], y: 1.5707963267948966, partials: [-1] },
    { at: [1], y: 0, partials: [-Infinity] },
    { at: [-1], y: Math.PI, partials: [-Infinity] },
    { at: [2], y: NaN, partials: [NaN] },
  ],
})
