import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * The smaller of a and b; where they are equal, each has slope 1/2. NaN wins.
 * @example minimum(tensor([1, 5]), 3) // [1, 3]
 */
export const minimum = elementwise({
  name: 'minimum',
  args: ['a', 'b'],
  dtype: 'same',
  formula: ({ a, b }) => s.min(a, b),
  points: [
    { at: [1, 2], y: 1, partials: [1, 0] },
    { at: [2, 2], y: 2, partials: [0.5, 0.5] },
    { at: [3, 2], y: 2, partials: [0, 1] },
    { at: [-Infinity, -Infinity], y: -Infinity, partials: [0.5, 0.5] },
    { at: [Infinity, 2], y: 2, partials: [0, 1] },
    { at: [NaN, 2], y: NaN, partials: [1, 1] },
  ],
})
