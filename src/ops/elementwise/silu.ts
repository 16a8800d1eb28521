import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'
import { logistic, settled } from './tails.ts'

/**
 * x / (1 + e^-x), also known as swish
 * @example silu(tensor([0, 1])) // [0, 0.7311]
 */
export const silu = elementwise({
  name: 'silu',
  args: ['x'],
  formula: ({ x }) => settled(x, s.mul(x, logistic(x)), s.c(0), x),
  textbook: ({ x, y }) => ({ x: s.add(y, s.div(s.sub(s.c(1), y), s.add(s.c(1), s.exp(s.neg(x))))) }),
  tex: String.raw`\frac{x}{1 + e^{-x}}`,
  points: [
    { at: [0], y: 0, partials: [0.5] },
    { at: [1000], y: 1000, partials: [1] },
    { at: [-1000], y: 0, partials: [0] },
    { at: [Infinity], y: Infinity, partials: [1] },
    { at: [-Infinity], y: 0, partials: [0] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
