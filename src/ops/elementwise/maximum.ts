import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * The larger of a and b; where they are equal, each has slope 1/2. NaN wins.
 * @example maximum(tensor([1, 5]), 3) // [3, 5]
 */
export const maximum = elementwise({
  name: 'maximum',
  args: ['a', 'b'],
  dtype: 'same',
  formula: ({ a, b }) => s.max(a, b),
  points: [
    { at: [1, 2], y: 2, partials: [0, 1] },
    { at: [2, 2], y: 2, partials: [0.5, 0.5] },
    { at: [3, 2], y: 3, partials: [1, 0] },
    { at: [Infinity, Infinity], y: Infinity, partials: [0.5, 0.5] },
    { at: [-Infinity, 2], y: 2, partials: [0, 1] },
    { at: [NaN, 2], y: NaN, partials: [1, 1] },
  ],
})
