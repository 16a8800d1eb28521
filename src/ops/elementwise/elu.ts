import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * x above 0, alpha (e^x - 1) elsewhere; the slope at 0 is alpha.
 * @example elu(tensor([-1, 2])) // [-0.6321, 2]
 */
export const elu = elementwise({
  name: 'elu',
  args: ['x', 'alpha'],
  defaults: { alpha: 1 },
  formula: ({ x, alpha }) => s.select(s.le(x, s.c(0)), s.mul(alpha, s.expm1(x)), x),
  points: [
    { at: [0, 2], y: 0, partials: [2, 0] },
    { at: [2, 2], y: 2, partials: [1, 0] },
    { at: [1000, 2], y: 1000, partials: [1, 0] },
    { at: [-1000, 2], y: -2, partials: [0, -1] },
    { at: [Infinity, 2], y: Infinity, partials: [1, 0] },
    { at: [-Infinity, 2], y: -2, partials: [0, -1] },
    { at: [NaN, 2], y: NaN, partials: [1, 0] },
  ],
})
