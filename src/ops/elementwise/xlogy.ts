import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

const isZero = (x: s.Scalar) => s.eq(x, s.c(0))

/**
 * a log b, and 0 at a = 0 unless b is NaN. The slope in a is log b, but 0 at a = 0 >= b; the slope in b is a / b, but 0
 * at (0, 0): an absent class (0 log 0) sends nothing back.
 * @example xlogy(tensor([0, 2]), tensor([0, 3])) // [0, 2.1972]
 */
export const xlogy = elementwise({
  name: 'xlogy',
  args: ['a', 'b'],
  formula: ({ a, b }) => s.select(s.mul(isZero(a), s.eq(b, b)), s.c(0), s.mul(a, s.log(b))),
  partials: ({ a, b }) => ({
    a: s.select(s.mul(isZero(a), s.le(b, s.c(0))), s.c(0), s.log(b)),
    b: s.select(s.mul(isZero(a), isZero(b)), s.c(0), s.div(a, b)),
  }),
  tex: String.raw`a \ln b`,
  domain: { b: [0.2, 3] },
  points: [
    { at: [0, 0], y: 0, partials: [0, 0] },
    { at: [0, 2], y: 0, partials: [Math.LN2, 0] },
    { at: [0, -1], y: 0, partials: [0, 0] },
    { at: [2, 0], y: -Infinity, partials: [-Infinity, Infinity] },
    { at: [0, Infinity], y: 0, partials: [Infinity, 0] },
    { at: [0, NaN], y: NaN, partials: [NaN, NaN] },
    { at: [3, 1], y: 0, partials: [0, 3] },
    { at: [1, -1], y: NaN, partials: [NaN, -1] },
  ],
})
