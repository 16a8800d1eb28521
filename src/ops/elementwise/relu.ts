import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * max(x, 0), with relu'(0) = 0; NaN stays NaN.
 * @example relu(tensor([-1, 2])) // [0, 2]
 */
export const relu = elementwise({
  name: 'relu',
  args: ['x'],
  dtype: 'same',
  formula: ({ x }) => s.select(s.le(x, s.c(0)), s.c(0), x),
  // By the result, which is positive just where x is, so that x itself need not be kept.
  partials: ({ y }) => ({ x: s.select(s.le(y, s.c(0)), s.c(0), s.c(1)) }),
  textbook: ({ x }) => ({ x: s.select(s.le(x, s.c(0)), s.c(0), s.c(1)) }),
  points: [
    { at: [-1], y: 0, partials: [0] },
    { at: [0], y: 0, partials: [0] },
    { at: [1], y: 1, partials: [1] },
    { at: [Infinity], y: Infinity, partials: [1] },
    { at: [-Infinity], y: 0, partials: [0] },
    { at: [NaN], y: NaN, partials: [1] },
  ],
})
