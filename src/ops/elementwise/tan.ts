import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * sin x / cos x
 * @example tan(tensor([0, 1])) // [0, 1.5574]
 */
export const tan = elementwise({
  name: 'tan',
  args: ['x'],
  formula: ({ x }) => s.div(s.sin(x), s.cos(x)),
  partials: ({ y }) => ({ x: s.add(s.c(1), s.mul(y, y)) }),
  domain: { x: [-1.4, 1.4] },
  points: [
    { at: [0], y: 0, partials: [1] },
    { at: [Infinity], y: NaN, partials: [NaN] },
  ],
})
