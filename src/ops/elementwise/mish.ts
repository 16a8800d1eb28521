import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'
import { settled } from './tails.ts'

/** tanh(log(1 + t)) for t = e^x is t (t + 2) / (t (t + 2) + 2), in u = e^-x 1 - 2 u^2 / (1 + 2 u + 2 u^2). */
function gate(x: s.Scalar): s.Scalar {
  const t = s.exp(x)
  const u = s.exp(s.neg(x))
  const odds = s.mul(t, s.add(t, s.c(2)))
  const square = s.mul(s.c(2), s.mul(u, u))
  const rest = s.div(square, s.add(s.add(s.c(1), s.mul(s.c(2), u)), square))
  return s.select(s.lt(x, s.c(0)), s.div(odds, s.add(odds, s.c(2))), s.sub(s.c(1), rest))
}

/**
 * x tanh(log(1 + e^x))
 * @example mish(tensor([0, 1])) // [0, 0.8651]
 */
export const mish = elementwise({
  name: 'mish',
  args: ['x'],
  formula: ({ x }) => settled(x, s.mul(x, gate(x)), s.c(0), x),
  textbook: ({ x }) => {
    const gates = s.tanh(s.log1p(s.exp(x)))
    const slope = s.div(s.sub(s.c(1), s.mul(gates, gates)), s.add(s.c(1), s.exp(s.neg(x))))
    return { x: s.add(gates, s.mul(x, slope)) }
  },
  tex: String.raw`x \tanh\left(\ln\left(1 + e^{x}\right)\right)`,
  points: [
    { at: [0], y: 0, partials: [0.6] },
    { at: [1000], y: 1000, partials: [1] },
    { at: [-1000], y: 0, partials: [0] },
    { at: [Infinity], y: Infinity, partials: [1] },
    { at: [-Infinity], y: 0, partials: [0] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
