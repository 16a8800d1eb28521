import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * True where x is Infinity or -Infinity.
 * @example isinf(tensor([1, -Infinity])) // [false, true]
 */
export const isinf = elementwise({
  name: 'isinf',
  args: ['x'],
  dtype: 'bool',
  formula: ({ x }) => s.eq(s.abs(x), s.c(Infinity)),
  points: [
    { at: [1], y: 0 },
    { at: [Infinity], y: 1 },
    { at: [-Infinity], y: 1 },
    { at: [NaN], y: 0 },
  ],
})
