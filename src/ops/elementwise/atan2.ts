import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/** v / (a^2 + b^2) as (v / m) / (m (1 + r^2)) for the larger of the two, m, and the ratio r: the squares do not overflow. */
function overSquares(v: s.Scalar, a: s.Scalar, b: s.Scalar): s.Scalar {
  const scaled = (m: s.Scalar, l: s.Scalar) => s.div(s.div(v, m), s.add(m, s.mul(l, s.div(l, m))))
  return s.select(s.le(s.abs(a), s.abs(b)), scaled(b, a), scaled(a, b))
}

/**
 * The angle of the point (b, a), in (-pi, pi]. The gradient is (b, -a) / (a^2 + b^2): NaN at the origin, where the angle
 * has none.
 * @example atan2(tensor([1, -1]), tensor([1, -1])) // [0.7854, -2.3562]
 */
export const atan2 = elementwise({
  name: 'atan2',
  args: ['a', 'b'],
  formula: ({ a, b }) => s.atan2(a, b),
  partials: ({ a, b }) => ({ a: overSquares(b, a, b), b: s.neg(overSquares(a, a, b)) }),
  textbook: ({ a, b }) => {
    const squares = s.add(s.mul(a, a), s.mul(b, b))
    return { a: s.div(b, squares), b: s.neg(s.div(a, squares)) }
  },
  domain: { a: [0.3, 2] },
  points: [
    { at: [1, 1], y: 0.7853981633974483, partials: [0.5, -0.5] },
    { at: [1, 0], y: 1.5707963267948966, partials: [0, -1] },
    { at: [0, -1], y: Math.PI, partials: [-1, 0] },
    { at: [0, 0], y: 0, partials: [NaN, NaN] },
    { at: [1e200, 1e200], y: 0.7853981633974483, partials: [5e-201, -5e-201] },
    { at: [1e-200, 1e-200], y: 0.7853981633974483, partials: [5e199, -5e199] },
  ],
})
