import { elementwise } from '../kinds/elementwise.ts'

/**
 * x, in memory of its own
 * @example clone(tensor([1, 2])) // [1, 2]
 */
export const clone = elementwise({
  name: 'clone',
  args: ['x'],
  dtype: 'same',
  formula: ({ x }) => x,
  points: [
    { at: [3], y: 3, partials: [1] },
    { at: [NaN], y: NaN, partials: [1] },
    { at: [-Infinity], y: -Infinity, partials: [1] },
  ],
})
