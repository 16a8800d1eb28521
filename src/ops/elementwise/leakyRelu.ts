import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * x above 0, negativeSlope x elsewhere, at 0 too.
 * @example leakyRelu(tensor([-1, 2])) // [-0.01, 2]
 */
export const leakyRelu = elementwise({
  name: 'leakyRelu',
  args: ['x', 'negativeSlope'],
  defaults: { negativeSlope: 0.01 },
  formula: ({ x, negativeSlope }) => s.select(s.lt(s.c(0), x), x, s.mul(negativeSlope, x)),
  points: [
    { at: [-2, 0.25], y: -0.5, partials: [0.25, -2] },
    { at: [0, 0.25], y: 0, partials: [0.25, 0] },
    { at: [2, 0.25], y: 2, partials: [1, 0] },
    { at: [Infinity, 0.25], y: Infinity, partials: [1, 0] },
    { at: [-Infinity, 0.25], y: -Infinity, partials: [0.25, -Infinity] },
  ],
})
