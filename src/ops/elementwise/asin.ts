import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * arcsin x; NaN beyond [-1, 1], slope Infinity at its ends.
 * @example asin(tensor([0, 1])) // [0, 1.5708]
 */
export const asin = elementwise({
  name: 'asin',
  args: ['x'],
  formula: ({ x }) => s.asin(x),
  domain: { x: [-0.9, 0.9] },
  points: [
    { at: [0], y: 0, partials: [1] },
    { at: [1], y: 1.5707963267948966, partials: [Infinity] },
    { at: [-1], y: -1.5707963267948966, partials: [Infinity] },
    { at: [2], y: NaN, partials: [NaN] },
  ],
})
