import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * 1 / sqrt(x)
 * @example rsqrt(tensor([4, 2])) // [0.5, 0.7071]
 */
export const rsqrt = elementwise({
  name: 'rsqrt',
  args: ['x'],
  formula: ({ x }) => s.div(s.c(1), s.sqrt(x)),
  partials: ({ y }) => ({ x: s.mul(s.c(-0.5), s.mul(y, s.mul(y, y))) }),
  domain: { x: [0.1, 3] },
  points: [
    { at: [0], y: Infinity, partials: [-Infinity] },
    { at: [4], y: 0.5, partials: [-0.0625] },
    { at: [Infinity], y: 0, partials: [0] },
    { at: [-1], y: NaN, partials: [NaN] },
  ],
})
