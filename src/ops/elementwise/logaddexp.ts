import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'
import { logistic } from './tails.ts'

/** a - b, where Infinity - Infinity counts as 0. */
const gap = (a: s.Scalar, b: s.Scalar) =>
  s.select(s.mul(s.eq(a, b), s.eq(s.abs(a), s.c(Infinity))), s.c(0), s.sub(a, b))

/** The larger of both + log(1 + e^-|a - b|) */
const fromGap = (a: s.Scalar, b: s.Scalar, d: s.Scalar) =>
  s.select(s.lt(d, s.c(0)), s.add(b, s.log1p(s.exp(d))), s.add(a, s.log1p(s.exp(s.neg(d)))))

/**
 * log(e^a + e^b) without overflow; the gradient is the softmax of (a, b), 1/2 each for equal infinities too.
 * @example logaddexp(tensor([0, 1000]), tensor([0, 1000])) // [0.6931, 1000.6932]
 */
export const logaddexp = elementwise({
  name: 'logaddexp',
  args: ['a', 'b'],
  formula: ({ a, b }) => fromGap(a, b, gap(a, b)),
  partials: ({ a, b }) => ({ a: logistic(gap(a, b)), b: logistic(s.neg(gap(a, b))) }),
  tex: String.raw`\ln\left(e^{a} + e^{b}\right)`,
  points: [
    { at: [0, 0], y: Math.LN2, partials: [0.5, 0.5] },
    { at: [1000, 1000], y: 1000.6931471805599, partials: [0.5, 0.5] },
    { at: [-1000, -1000], y: -999.3068528194401, partials: [0.5, 0.5] },
    { at: [1000, -1000], y: 1000, partials: [1, 0] },
    { at: [0, 40], y: 40, partials: [4.248354255291589e-18, 1] },
    { at: [Infinity, Infinity], y: Infinity, partials: [0.5, 0.5] },
    { at: [-Infinity, -Infinity], y: -Infinity, partials: [0.5, 0.5] },
    { at: [Infinity, -Infinity], y: Infinity, partials: [1, 0] },
    { at: [-Infinity, 3], y: 3, partials: [0, 1] },
    { at: [NaN, 0], y: NaN, partials: [NaN, NaN] },
  ],
})
