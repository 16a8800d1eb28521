import { c } from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * 0 at every element, whatever is there: a derivative that vanishes.
 * @example zero(tensor([1, 2])) // [0, 0]
 */
export const zero = elementwise({
  name: 'zero',
  args: ['x'],
  dtype: 'same',
  formula: () => c(0),
  points: [
    { at: [3], y: 0, partials: [0] },
    { at: [NaN], y: 0, partials: [0] },
  ],
})
