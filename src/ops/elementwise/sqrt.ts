import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * The square root; NaN below 0, slope Infinity at 0.
 * @example sqrt(tensor([4, 2])) // [2, 1.4142]
 */
export const sqrt = elementwise({
  name: 'sqrt',
  args: ['x'],
  formula: ({ x }) => s.sqrt(x),
  partials: ({ y }) => ({ x: s.div(s.c(0.5), y) }),
  domain: { x: [0.1, 3] },
  points: [
    { at: [0], y: 0, partials: [Infinity] },
    { at: [4], y: 2, partials: [0.25] },
    { at: [Infinity], y: Infinity, partials: [0] },
    { at: [-1], y: NaN, partials: [NaN] },
  ],
})
