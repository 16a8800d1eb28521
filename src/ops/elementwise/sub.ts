import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a - b
 * @example sub(tensor([1, 2]), 3) // [-2, -1]
 */
export const sub = elementwise({
  name: 'sub',
  args: ['a', 'b'],
  dtype: 'same',
  formula: ({ a, b }) => s.sub(a, b),
  points: [
    { at: [1, 2], y: -1, partials: [1, -1] },
    { at: [Infinity, Infinity], y: NaN, partials: [1, -1] },
  ],
})
