import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'
import { settled } from './tails.ts'

/** log(1 + e^z) / beta for z = beta x, above 0 as x + log(1 + e^-z) / beta, which does not overflow. */
function smooth(x: s.Scalar, beta: s.Scalar): s.Scalar {
  const z = s.mul(beta, x)
  const above = s.add(x, s.div(s.log1p(s.exp(s.neg(z))), beta))
  return settled(z, s.select(s.lt(z, s.c(0)), s.div(s.log1p(s.exp(z)), beta), above), s.c(0), x)
}

/**
 * log(1 + e^(beta x)) / beta, and x itself where beta x > threshold, as in PyTorch: a step of 2e-9 by default.
 * @example softplus(tensor([0, 1])) // [0.6931, 1.3133]
 */
export const softplus = elementwise({
  name: 'softplus',
  args: ['x', 'beta', 'threshold'],
  defaults: { beta: 1, threshold: 20 },
  formula: ({ x, beta, threshold }) => s.select(s.lt(threshold, s.mul(beta, x)), x, smooth(x, beta)),
  textbook: ({ x, beta }) => ({ x: s.div(s.c(1), s.add(s.c(1), s.exp(s.neg(s.mul(beta, x))))) }),
  tex: String.raw`\frac{1}{\beta} \ln\left(1 + e^{\beta x}\right)`,
  domain: { beta: [0.5, 2], threshold: [10, 20] },
  points: [
    { at: [0, 1, 20], y: Math.LN2, partials: [0.5, -Math.LN2, 0] },
    { at: [20, 1, 20], y: 20.000000002061153, partials: [0.9999999979388464, -4.3284225984118455e-8, 0] },
    { at: [21, 1, 20], y: 21, partials: [1, 0, 0] },
    { at: [1000, 1, 20], y: 1000, partials: [1, 0, 0] },
    { at: [1000, 1, 2000], y: 1000, partials: [1, 0, 0] },
    { at: [-1000, 1, 20], y: 0, partials: [0, 0, 0] },
    { at: [Infinity, 1, 20], y: Infinity, partials: [1, 0, 0] },
    { at: [-Infinity, 1, 20], y: 0, partials: [0, 0, 0] },
    { at: [NaN, 1, 20], y: NaN, partials: [NaN, NaN, 0] },
  ],
})
