import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * a where cond is true (not 0), else b. The side that is not taken gets slope 0.
 * @example where(tensor([true, false]), tensor([1, 2]), 0) // [1, 0]
 */
export const where = elementwise({
  name: 'where',
  args: ['cond', 'a', 'b'],
  dtype: 'same',
  formula: ({ cond, a, b }) => s.select(cond, a, b),
  points: [
    { at: [1, 2, 3], y: 2, partials: [0, 1, 0] },
    { at: [0, 2, 3], y: 3, partials: [0, 0, 1] },
    { at: [1, 2, NaN], y: 2, partials: [0, 1, 0] },
    { at: [0, Infinity, 3], y: 3, partials: [0, 0, 1] },
  ],
})
