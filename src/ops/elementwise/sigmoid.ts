import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * 1 / (1 + e^-x)
 * @example sigmoid(tensor([0, 2])) // [0.5, 0.8808]
 */
export const sigmoid = elementwise({
  name: 'sigmoid',
  args: ['x'],
  formula: ({ x }) => s.div(s.c(1), s.add(s.c(1), s.exp(s.neg(x)))),
  // y (1 - y), where 1 - y = y e^-x keeps the digits that 1 - y cancels as y approaches 1
  partials: ({ x, y }) => ({ x: s.mul(y, s.select(s.lt(x, s.c(1)), s.sub(s.c(1), y), s.mul(y, s.exp(s.neg(x))))) }),
  textbook: ({ y }) => ({ x: s.mul(y, s.sub(s.c(1), y)) }),
  points: [
    { at: [0], y: 0.5, partials: [0.25] },
    { at: [40], y: 1, partials: [4.248354255291589e-18] },
    { at: [1000], y: 1, partials: [0] },
    { at: [-1000], y: 0, partials: [0] },
    { at: [Infinity], y: 1, partials: [0] },
    { at: [-Infinity], y: 0, partials: [0] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
