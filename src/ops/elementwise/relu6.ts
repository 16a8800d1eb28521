import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * min(max(x, 0), 6), with slope 0 at 0 and at 6; NaN stays NaN.
 * @example relu6(tensor([-1, 2, 7])) // [0, 2, 6]
 */
export const relu6 = elementwise({
  name: 'relu6',
  args: ['x'],
  dtype: 'same',
  formula: ({ x }) => s.select(s.le(x, s.c(0)), s.c(0), s.select(s.le(s.c(6), x), s.c(6), x)),
  domain: { x: [-3, 9] },
  points: [
    { at: [-1], y: 0, partials: [0] },
    { at: [0], y: 0, partials: [0] },
    { at: [1], y: 1, partials: [1] },
    { at: [6], y: 6, partials: [0] },
    { at: [Infinity], y: 6, partials: [0] },
    { at: [-Infinity], y: 0, partials: [0] },
    { at: [NaN], y: NaN, partials: [1] },
  ],
})
