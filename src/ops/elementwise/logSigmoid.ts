import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * log(1 / (1 + e^-x))
 * @example logSigmoid(tensor([0, 1])) // [-0.6931, -0.3133]
 */
export const logSigmoid = elementwise({
  name: 'logSigmoid',
  args: ['x'],
  formula: ({ x }) => s.select(s.lt(x, s.c(0)), s.sub(x, s.log1p(s.exp(x))), s.neg(s.log1p(s.exp(s.neg(x))))),
  textbook: ({ x }) => ({ x: s.div(s.c(1), s.add(s.c(1), s.exp(x))) }),
  tex: String.raw`\ln\frac{1}{1 + e^{-x}}`,
  points: [
    { at: [0], y: -Math.LN2, partials: [0.5] },
    { at: [40], y: -4.248354255291589e-18, partials: [4.248354255291589e-18] },
    { at: [1000], y: 0, partials: [0] },
    { at: [-1000], y: -1000, partials: [1] },
    { at: [Infinity], y: 0, partials: [0] },
    { at: [-Infinity], y: -Infinity, partials: [1] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
