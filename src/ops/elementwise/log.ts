import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * The natural logarithm; -Infinity at 0, NaN below.
 * @example log(tensor([1, 2])) // [0, 0.6931]
 */
export const log = elementwise({
  name: 'log',
  args: ['x'],
  formula: ({ x }) => s.log(x),
  domain: { x: [0.1, 3] },
  points: [
    { at: [1], y: 0, partials: [1] },
    { at: [0], y: -Infinity, partials: [Infinity] },
    { at: [Infinity], y: Infinity, partials: [0] },
    { at: [-1], y: NaN, partials: [-1] },
  ],
})
