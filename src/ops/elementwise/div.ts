import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a / b, as IEEE 754 has it: 1 / 0 is Infinity, 0 / 0 is NaN. Integers divide to float32.
 * @example div(tensor([1, 2]), 4) // [0.25, 0.5]
 */
export const div = elementwise({
  name: 'div',
  args: ['a', 'b'],
  formula: ({ a, b }) => s.div(a, b),
  textbook: ({ a, b }) => ({ b: s.neg(s.div(a, s.mul(b, b))) }),
  domain: { b: [0.5, 3] },
  points: [
    { at: [3, 2], y: 1.5, partials: [0.5, -0.75] },
    { at: [1, 0], y: Infinity, partials: [Infinity, -Infinity] },
    { at: [0, 0], y: NaN, partials: [Infinity, NaN] },
    { at: [1, Infinity], y: 0, partials: [0, 0] },
    { at: [1e-200, 1e200], y: 0, partials: [1e-200, 0] },
  ],
})
