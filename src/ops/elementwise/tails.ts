/**
 * What several activations share: forms whose derivatives of every order are finite and keep their digits in the tails.
 * Both are choices between branches that are smooth where they are taken, so the derived derivatives need no care.
 */
import * as s from '../../scalar/index.ts'

/** 1 / (1 + e^-x), below 0 as e^x / (1 + e^x): neither the exponential nor a power of it overflows. */
export function logistic(x: s.Scalar): s.Scalar {
  const t = s.exp(x)
  const below = s.div(t, s.add(s.c(1), t))
  return s.select(s.lt(x, s.c(0)), below, s.div(s.c(1), s.add(s.c(1), s.exp(s.neg(x)))))
}

/**
 * `inside`, and its limits beyond |x| = 800, where e^-|x| is 0 in float64, so that these are no approximation. The
 * infinities then meet no 0 to be multiplied with.
 */
export const settled = (x: s.Scalar, inside: s.Scalar, below: s.Scalar, above: s.Scalar): s.Scalar =>
  s.select(s.lt(x, s.c(-800)), below, s.select(s.lt(s.c(800), x), above, inside))
