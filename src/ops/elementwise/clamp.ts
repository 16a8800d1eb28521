import * as s from '../../scalar/index.ts'
import { promote } from '../dtype.ts'
import { elementwise } from '../kinds/elementwise.ts'

const lowered = (x: s.Scalar, max: s.Scalar) => s.select(s.lt(max, x), max, x)

/**
 * min(max(x, min), max); slope 1 in x at the bounds. Where min > max, the value is max, as in PyTorch.
 * @example clamp(tensor([-2, 0.5, 3]), { min: 0 }) // [0, 0.5, 3]
 */
export const clamp = elementwise({
  name: 'clamp',
  args: ['x', 'min', 'max'],
  defaults: { min: -Infinity, max: Infinity },
  dtype: (operands) => promote(operands.filter((x) => typeof x !== 'number' || Number.isFinite(x))),
  formula: ({ x, min, max }) => lowered(s.select(s.lt(x, min), min, x), max),
  domain: { min: [-1.5, -0.5], max: [0.5, 1.5] },
  points: [
    { at: [-2, -1, 1], y: -1, partials: [0, 1, 0] },
    { at: [-1, -1, 1], y: -1, partials: [1, 0, 0] },
    { at: [0, -1, 1], y: 0, partials: [1, 0, 0] },
    { at: [1, -1, 1], y: 1, partials: [1, 0, 0] },
    { at: [2, -1, 1], y: 1, partials: [0, 0, 1] },
    { at: [0, 2, 1], y: 1, partials: [0, 0, 1] },
    { at: [3, -Infinity, Infinity], y: 3, partials: [1, 0, 0] },
    { at: [-Infinity, -Infinity, Infinity], y: -Infinity, partials: [1, 0, 0] },
    { at: [NaN, -1, 1], y: NaN, partials: [1, 0, 0] },
  ],
})
