import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a <= b, elementwise, as bool.
 * @example le(tensor([1, 2]), 2) // [true, true]
 */
export const le = elementwise({
  name: 'le',
  args: ['a', 'b'],
  dtype: 'bool',
  formula: ({ a, b }) => s.le(a, b),
  points: [
    { at: [1, 1], y: 1 },
    { at: [2, 1], y: 0 },
    { at: [NaN, 1], y: 0 },
  ],
})
