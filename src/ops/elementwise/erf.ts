import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x
 * @example erf(tensor([0, 1])) // [0, 0.8427]
 */
export const erf = elementwise({
  name: 'erf',
  args: ['x'],
  formula: ({ x }) => s.erf(x),
  points: [
    { at: [0], y: 0, partials: [1.1283791670955126] },
    { at: [1000], y: 1, partials: [0] },
    { at: [Infinity], y: 1, partials: [0] },
    { at: [-Infinity], y: -1, partials: [0] },
  ],
})
