import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * log(1 + x), exact near 0
 * @example log1p(tensor([0, 1])) // [0, 0.6931]
 */
export const log1p = elementwise({
  name: 'log1p',
  args: ['x'],
  formula: ({ x }) => s.log1p(x),
  domain: { x: [-0.9, 3] },
  points: [
    { at: [0], y: 0, partials: [1] },
    { at: [1e-20], y: 1e-20, partials: [1] },
    { at: [-1], y: -Infinity, partials: [Infinity] },
    { at: [Infinity], y: Infinity, partials: [0] },
    { at: [-2], y: NaN, partials: [-1] },
  ],
})
