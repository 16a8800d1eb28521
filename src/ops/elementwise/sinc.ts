import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/** The sum of (-1)^k z^2k / (2k + 1)! for z = pi x, by Horner's rule: smooth at 0 where the quotient is not. */
function series(x: s.Scalar): s.Scalar {
  const z = s.mul(s.c(Math.PI), x)
  const square = s.mul(z, z)
  let sum: s.Scalar = s.c(1)
  for (let k = 13; k > 0; k--) sum = s.sub(s.c(1), s.mul(s.div(square, s.c(2 * k * (2 * k + 1))), sum))
  return sum
}

/** sin(pi x) = (-1)^n sin(pi (x - n)) for the integer n nearest to x. */
function sinPi(x: s.Scalar): s.Scalar {
  const n = s.round(x)
  const sign = s.sub(s.c(1), s.mul(s.c(2), s.abs(s.fmod(n, s.c(2)))))
  return s.mul(sign, s.sin(s.mul(s.c(Math.PI), s.sub(x, n))))
}

/**
 * sin(pi x) / (pi x), and 1 at 0; exactly 0 at the other integers.
 * @example sinc(tensor([0, 0.5, 1])) // [1, 0.6366, 0]
 */
export const sinc = elementwise({
  name: 'sinc',
  args: ['x'],
  formula: ({ x }) => s.select(s.lt(s.abs(x), s.c(0.5)), series(x), s.div(sinPi(x), s.mul(s.c(Math.PI), x))),
  textbook: ({ x, y }) => ({ x: s.div(s.sub(s.cos(s.mul(s.c(Math.PI), x)), y), x) }),
  tex: String.raw`\frac{\sin(\pi x)}{\pi x}`,
  points: [
    { at: [0], y: 1, partials: [0] },
    { at: [0.5], y: 0.6366197723675814, partials: [-1.2732395447351628] },
    { at: [1], y: 0, partials: [-1] },
    { at: [-2], y: 0, partials: [-0.5] },
    { at: [1000], y: 0, partials: [0.001] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
