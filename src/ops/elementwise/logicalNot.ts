import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * True where x is 0.
 * @example logicalNot(tensor([0, 2])) // [true, false]
 */
export const logicalNot = elementwise({
  name: 'logicalNot',
  args: ['x'],
  dtype: 'bool',
  formula: ({ x }) => s.eq(x, s.c(0)),
  points: [
    { at: [0], y: 1 },
    { at: [2], y: 0 },
    { at: [NaN], y: 0 },
  ],
})
