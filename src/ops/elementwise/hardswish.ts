import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * x (x + 3) / 6 between -3 and 3, 0 below, x above; slope 0 at -3 and 1 at 3.
 * @example hardswish(tensor([-4, 1, 4])) // [0, 0.6667, 4]
 */
export const hardswish = elementwise({
  name: 'hardswish',
  args: ['x'],
  formula: ({ x }) =>
    s.select(s.le(x, s.c(-3)), s.c(0), s.select(s.le(s.c(3), x), x, s.div(s.mul(x, s.add(x, s.c(3))), s.c(6)))),
  domain: { x: [-4, 4] },
  points: [
    { at: [-3], y: 0, partials: [0] },
    { at: [0], y: 0, partials: [0.5] },
    { at: [3], y: 3, partials: [1] },
    { at: [-1000], y: 0, partials: [0] },
    { at: [1000], y: 1000, partials: [1] },
    { at: [Infinity], y: Infinity, partials: [1] },
    { at: [-Infinity], y: 0, partials: [0] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
