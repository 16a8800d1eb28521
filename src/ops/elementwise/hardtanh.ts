import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * x, held between min and max; slope 0 at the bounds (clamp has 1 there).
 * @example hardtanh(tensor([-2, 0.5, 3])) // [-1, 0.5, 1]
 */
export const hardtanh = elementwise({
  name: 'hardtanh',
  args: ['x', 'min', 'max'],
  defaults: { min: -1, max: 1 },
  dtype: 'same',
  formula: ({ x, min, max }) => s.select(s.le(x, min), min, s.select(s.le(max, x), max, x)),
  domain: { min: [-1.5, -0.5], max: [0.5, 1.5] },
  points: [
    { at: [-2, -1, 1], y: -1, partials: [0, 1, 0] },
    { at: [-1, -1, 1], y: -1, partials: [0, 1, 0] },
    { at: [0, -1, 1], y: 0, partials: [1, 0, 0] },
    { at: [1, -1, 1], y: 1, partials: [0, 0, 1] },
    { at: [Infinity, -1, 1], y: 1, partials: [0, 0, 1] },
    { at: [-Infinity, -1, 1], y: -1, partials: [0, 1, 0] },
    { at: [NaN, -1, 1], y: NaN, partials: [1, 0, 0] },
  ],
})
