import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * x to the power of the exponent, as IEEE 754 has it: x^0 = 1^e = 1. The slope in x is 0 at (0, 0), the slope in the
 * exponent is x^e log x: 0 at x = 0 <= e, NaN for a negative x.
 * @example pow(tensor([2, 3]), 2) // [4, 9]
 */
export const pow = elementwise({
  name: 'pow',
  args: ['x', 'exponent'],
  dtype: 'same',
  formula: ({ x, exponent }) => s.pow(x, exponent),
  domain: { x: [0.2, 3] },
  points: [
    { at: [0, 0], y: 1, partials: [0, 0] },
    { at: [0, 1], y: 0, partials: [1, 0] },
    { at: [0, 2], y: 0, partials: [0, 0] },
    { at: [0, -1], y: Infinity, partials: [-Infinity, -Infinity] },
    { at: [4, 0], y: 1, partials: [0, 1.3862943611198906] },
    { at: [4, 0.5], y: 2, partials: [0.25, 2.772588722239781] },
    { at: [-2, 3], y: -8, partials: [12, NaN] },
    { at: [-2, 0.5], y: NaN, partials: [NaN, NaN] },
    { at: [Infinity, 2], y: Infinity, partials: [Infinity, Infinity] },
    { at: [1, NaN], y: 1, partials: [NaN, 0] },
  ],
})
