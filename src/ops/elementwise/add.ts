import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a + b
 * @example add(tensor([1, 2]), 3) // [4, 5]
 */
export const add = elementwise({
  name: 'add',
  args: ['a', 'b'],
  dtype: 'same',
  formula: ({ a, b }) => s.add(a, b),
  points: [
    { at: [1, 2], y: 3, partials: [1, 1] },
    { at: [Infinity, -Infinity], y: NaN, partials: [1, 1] },
  ],
})
