import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

const ALPHA = s.c(1.6732632423543772)
const LAMBDA = s.c(1.0507009873554805)

/**
 * lambda elu(x, alpha) with the constants for which activations keep mean 0 and variance 1. The slope at 0 is lambda alpha.
 * @example selu(tensor([-1, 2])) // [-1.1113, 2.1014]
 */
export const selu = elementwise({
  name: 'selu',
  args: ['x'],
  formula: ({ x }) => s.mul(LAMBDA, s.select(s.le(x, s.c(0)), s.mul(ALPHA, s.expm1(x)), x)),
  points: [
    { at: [0], y: 0, partials: [1.7580993408473766] },
    { at: [1], y: 1.0507009873554805, partials: [1.0507009873554805] },
    { at: [-1000], y: -1.7580993408473766, partials: [0] },
    { at: [Infinity], y: Infinity, partials: [1.0507009873554805] },
    { at: [-Infinity], y: -1.7580993408473766, partials: [0] },
  ],
})
