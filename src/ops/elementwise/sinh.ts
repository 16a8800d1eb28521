import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * (e^x - e^-x) / 2
 * @example sinh(tensor([0, 1])) // [0, 1.1752]
 */
export const sinh = elementwise({
  name: 'sinh',
  args: ['x'],
  formula: ({ x }) => s.sinh(x),
  points: [
    { at: [0], y: 0, partials: [1] },
    { at: [1000], y: Infinity, partials: [Infinity] },
    { at: [-1000], y: -Infinity, partials: [Infinity] },
    { at: [-Infinity], y: -Infinity, partials: [Infinity] },
  ],
})
