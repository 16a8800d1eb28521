import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'
import { settled } from './tails.ts'

/** u = 2 sqrt(2/pi) (x + 0.044715 x^3): (1 + tanh(u / 2)) / 2 = 1 / (1 + e^-u), which does not cancel for u < 0. */
const doubled = (x: s.Scalar) => s.mul(x, s.add(s.c(1.5957691216057308), s.mul(s.c(0.07135481627260025), s.mul(x, x))))

/**
 * With t = e^-|u| and q = 1 / (1 + t), the logistic is q or t q, and its slope t q^2: one exponential that cannot
 * overflow, where the derivative of the formula would have two of them and three quotients.
 */
function slope(x: s.Scalar): s.Scalar {
  const u = doubled(x)
  const below = s.lt(u, s.c(0))
  const t = s.exp(s.select(below, u, s.neg(u)))
  const q = s.div(s.c(1), s.add(s.c(1), t))
  const tq = s.mul(t, q)
  const du = s.add(s.c(1.5957691216057308), s.mul(s.c(0.21406444881780075), s.mul(x, x)))
  return s.add(s.select(below, tq, q), s.mul(s.mul(x, du), s.mul(tq, q)))
}

/**
 * x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), the approximation of gelu that early transformers were trained with.
 * @example geluTanh(tensor([0, 1])) // [0, 0.8412]
 */
export const geluTanh = elementwise({
  name: 'geluTanh',
  args: ['x'],
  formula: ({ x }) => s.select(s.lt(x, s.c(-800)), s.c(0), s.div(x, s.add(s.c(1), s.exp(s.neg(doubled(x)))))),
  partials: ({ x }) => ({ x: settled(x, slope(x), s.c(0), s.c(1)) }),
  tex: String.raw`\frac{x}{2} \left(1 + \tanh\left(\sqrt{\frac{2}{\pi}} \left(x + 0.044715 x^{3}\right)\right)\right)`,
  points: [
    { at: [0], y: 0, partials: [0.5] },
    { at: [1000], y: 1000, partials: [1] },
    { at: [-1000], y: 0, partials: [0] },
    { at: [Infinity], y: Infinity, partials: [1] },
    { at: [-Infinity], y: 0, partials: [0] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
