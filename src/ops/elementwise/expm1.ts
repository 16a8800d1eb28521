import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * e^x - 1, exact near 0
 * @example expm1(tensor([0, 1])) // [0, 1.7183]
 */
export const expm1 = elementwise({
  name: 'expm1',
  args: ['x'],
  formula: ({ x }) => s.expm1(x),
  points: [
    { at: [0], y: 0, partials: [1] },
    { at: [1e-20], y: 1e-20, partials: [1] },
    { at: [1000], y: Infinity, partials: [Infinity] },
    { at: [-1000], y: -1, partials: [0] },
    { at: [-Infinity], y: -1, partials: [0] },
  ],
})
