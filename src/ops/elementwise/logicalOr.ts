import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * True where a or b is not 0; NaN is not 0.
 * @example logicalOr(tensor([0, 2]), 0) // [false, true]
 */
export const logicalOr = elementwise({
  name: 'logicalOr',
  args: ['a', 'b'],
  dtype: 'bool',
  formula: ({ a, b }) => s.eq(s.mul(s.eq(a, s.c(0)), s.eq(b, s.c(0))), s.c(0)),
  points: [
    { at: [0, 0], y: 0 },
    { at: [0, 2], y: 1 },
    { at: [3, 0], y: 1 },
    { at: [3, 2], y: 1 },
    { at: [NaN, 0], y: 1 },
  ],
})
