import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/** The larger m and the smaller l of two sizes: m sqrt(1 + (l / m)^2). */
function length(a: s.Scalar, b: s.Scalar): s.Scalar {
  const m = s.max(a, b)
  const ratio = s.div(s.min(a, b), m)
  const scaled = s.mul(m, s.sqrt(s.add(s.c(1), s.mul(ratio, ratio))))
  const infinite = s.add(s.eq(a, s.c(Infinity)), s.eq(b, s.c(Infinity)))
  return s.select(infinite, s.c(Infinity), s.select(s.eq(m, s.c(0)), s.c(0), scaled))
}

const cosine = (side: s.Scalar, y: s.Scalar) => s.select(s.eq(y, s.c(0)), s.c(0), s.div(side, y))

/**
 * sqrt(a^2 + b^2) without overflow on the way; gradient 0 at (0, 0). Infinite if either is, whatever the other.
 * @example hypot(tensor([3, 5]), tensor([4, 12])) // [5, 13]
 */
export const hypot = elementwise({
  name: 'hypot',
  args: ['a', 'b'],
  formula: ({ a, b }) => length(s.abs(a), s.abs(b)),
  partials: ({ a, b, y }) => ({ a: cosine(a, y), b: cosine(b, y) }),
  tex: String.raw`\sqrt{a^{2} + b^{2}}`,
  domain: { a: [0.3, 2], b: [-2, -0.3] },
  points: [
    { at: [3, 4], y: 5, partials: [0.6, 0.8] },
    { at: [0, 0], y: 0, partials: [0, 0] },
    { at: [0, -2], y: 2, partials: [0, -1] },
    { at: [2, 2], y: 2.8284271247461903, partials: [0.7071067811865475, 0.7071067811865475] },
    { at: [3e200, 4e200], y: 5e200, partials: [0.6, 0.8] },
    { at: [3e-200, 4e-200], y: 5e-200, partials: [0.6, 0.8] },
    { at: [Infinity, NaN], y: Infinity },
    { at: [1, -Infinity], y: Infinity },
  ],
})
