import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/** The remainder r, which has the sign of a, moved by b where the signs differ. */
const ofSign = (b: s.Scalar, r: s.Scalar) => s.select(s.lt(s.mul(s.sign(r), s.sign(b)), s.c(0)), s.add(r, b), r)

/**
 * a - b floor(a / b): the remainder with the sign of b (Python's `%`). NaN for b = 0.
 * @example remainder(tensor([5, -5]), 3) // [2, 1]
 */
export const remainder = elementwise({
  name: 'remainder',
  args: ['a', 'b'],
  dtype: 'same',
  formula: ({ a, b }) => ofSign(b, s.fmod(a, b)),
  domain: { a: [-5, 5], b: [0.5, 3] },
  points: [
    { at: [5, 3], y: 2, partials: [1, -1] },
    { at: [-5, 3], y: 1, partials: [1, 2] },
    { at: [5, -3], y: -1, partials: [1, 2] },
    { at: [6, 3], y: 0, partials: [1, -2] },
    { at: [-6, 3], y: 0, partials: [1, 2] },
    { at: [5, Infinity], y: 5, partials: [1, 0] },
    { at: [-5, Infinity], y: Infinity, partials: [1, 1] },
    { at: [1, 0], y: NaN, partials: [1, NaN] },
    { at: [Infinity, 2], y: NaN, partials: [1, NaN] },
  ],
})
