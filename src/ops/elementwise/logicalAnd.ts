import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * True where neither a nor b is 0; NaN is not 0.
 * @example logicalAnd(tensor([0, 2]), 1) // [false, true]
 */
export const logicalAnd = elementwise({
  name: 'logicalAnd',
  args: ['a', 'b'],
  dtype: 'bool',
  formula: ({ a, b }) => s.eq(s.add(s.eq(a, s.c(0)), s.eq(b, s.c(0))), s.c(0)),
  points: [
    { at: [0, 0], y: 0 },
    { at: [0, 2], y: 0 },
    { at: [3, 0], y: 0 },
    { at: [3, 2], y: 1 },
    { at: [NaN, 1], y: 1 },
  ],
})
