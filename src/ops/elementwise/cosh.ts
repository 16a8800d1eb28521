import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * (e^x + e^-x) / 2
 * @example cosh(tensor([0, 1])) // [1, 1.5431]
 */
export const cosh = elementwise({
  name: 'cosh',
  args: ['x'],
  formula: ({ x }) => s.cosh(x),
  points: [
    { at: [0], y: 1, partials: [0] },
    { at: [1000], y: Infinity, partials: [Infinity] },
    { at: [-1000], y: Infinity, partials: [-Infinity] },
    { at: [-Infinity], y: Infinity, partials: [-Infinity] },
  ],
})
