import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

const size = (x: s.Scalar) => s.add(s.c(1), s.abs(x))

/**
 * x / (1 + |x|), with its limits -1 and 1 at the infinities.
 * @example softsign(tensor([-3, 1])) // [-0.75, 0.5]
 */
export const softsign = elementwise({
  name: 'softsign',
  args: ['x'],
  formula: ({ x }) => s.select(s.eq(s.abs(x), s.c(Infinity)), s.sign(x), s.div(x, size(x))),
  // 1 / (1 + |x|)^2; the derived 1 / (1 + |x|) - |x| / (1 + |x|)^2 cancels
  partials: ({ x }) => ({ x: s.div(s.div(s.c(1), size(x)), size(x)) }),
  textbook: ({ x }) => ({ x: s.div(s.c(1), s.mul(s.add(s.c(1), s.abs(x)), s.add(s.c(1), s.abs(x)))) }),
  tex: String.raw`\frac{x}{1 + \left|x\right|}`,
  points: [
    { at: [0], y: 0, partials: [1] },
    { at: [3], y: 0.75, partials: [0.0625] },
    { at: [-1e200], y: -1, partials: [0] },
    { at: [Infinity], y: 1, partials: [0] },
    { at: [-Infinity], y: -1, partials: [0] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
