/**
 * erf, erfc and powers. Where the result is rounded to float32 a short polynomial will do; for float64, erf and erfc
 * take the steps of `scalar/erf.ts`, and a power, whose logarithm would need more than 53 bits, is left to JavaScript.
 */
import { SMALL, TAIL, TAIL_CENTRE } from '../../../scalar/erf-coefficients.ts'
import { powerValue } from '../../../scalar/index.ts'
import type { Lanes, Register, V } from '../lanes.ts'
import { ERF_32, ERF_NARROW, ERFC_NARROW, LOG_ERFC_32 } from './coefficients.ts'
import { exp } from './exponential.ts'
import { log } from './logarithm.ts'

/** What erf x is near 0, and where that ends. */
const NEAR = 0.84

/** In float32 without float64: x + x p(x²) near 0, beyond 1 - exp(q(|x|)), which is far from cancelling. */
function erfSingle(l: Lanes, x: Register): V {
  const square = l.let(l.mul(x, x))
  const inner = l.add(x, l.mul(x, l.polynomial(ERF_32, square)))
  const size = l.let(l.atMost(l.abs(x), l.c(4)))
  const outer = l.sub(l.c(1), exp(l, l.polynomial(LOG_ERFC_32, size)))
  return l.select(l.lt(size, l.c(0.925)), inner, l.withSign(outer, x))
}

export function erf(l: Lanes, x: Register): V {
  if (l.precision === 'float32') return erfSingle(l, x)
  const square = l.let(l.mul(x, x))
  const size = l.let(l.abs(x))
  const inner =
    l.precision === 'narrow'
      ? l.mul(x, l.polynomial(ERF_NARROW, square))
      : l.add(x, l.mul(x, l.polynomial(SMALL, square)))
  const outer = l.sub(l.c(1), tail(l, l.let(l.atMost(size, l.c(6)))))
  return l.select(l.lt(size, l.c(NEAR)), inner, l.withSign(outer, x))
}

export function erfc(l: Lanes, x: Register): V {
  const size = l.let(l.atMost(l.abs(x), l.c(28)))
  if (l.precision === 'narrow') {
    const above = l.let(tail(l, size))
    return l.select(l.lt(x, l.c(0)), l.sub(l.c(2), above), above)
  }
  const above = l.let(accurateTail(l, size))
  const inner = l.sub(l.c(1), l.add(x, l.mul(x, l.polynomial(SMALL, l.let(l.mul(x, x))))))
  const near = l.and(l.lt(l.c(-NEAR), x), l.lt(x, l.c(0.4)))
  return l.select(near, inner, l.select(l.lt(x, l.c(0)), l.sub(l.c(2), above), above))
}

/** erfc x = exp(-x²) tail(t) / (1 + 2x) with t = (x - 3) / (x + 3), for 0 <= x <= 28. */
function tail(l: Lanes, x: Register): V {
  const t = l.let(l.div(l.sub(x, l.c(3)), l.add(x, l.c(3))))
  const value = l.precision === 'narrow' ? l.polynomial(ERFC_NARROW, t) : l.add(l.c(TAIL_CENTRE), l.polynomial(TAIL, t))
  return l.div(l.mul(exp(l, l.neg(l.mul(x, x))), value), l.add(l.c(1), l.add(x, x)))
}

/** The same with the rounding errors of square, numerator, denominator, quotient and product carried along. */
function accurateTail(l: Lanes, x: Register): V {
  const square = l.let(l.mul(x, x))
  const t = l.let(l.div(l.sub(x, l.c(3)), l.add(x, l.c(3))))
  const correction = l.let(l.polynomial(TAIL, t))
  const centre = l.c(TAIL_CENTRE)
  const numerator = l.let(l.add(centre, correction))
  const numeratorError = l.add(l.sub(centre, numerator), correction)
  const twice = l.let(l.add(x, x))
  const denominator = l.let(l.add(l.c(1), twice))
  const denominatorError = l.select(
    l.lt(l.c(0.5), x),
    l.add(l.sub(twice, denominator), l.c(1)),
    l.add(l.sub(l.c(1), denominator), twice),
  )
  const quotient = l.let(l.div(numerator, denominator))
  const product = l.let(l.mul(quotient, denominator))
  const remainder = l.sub(l.sub(numerator, product), productError(l, quotient, denominator, product))
  const rest = l.sub(l.add(remainder, numeratorError), l.mul(quotient, denominatorError))
  const quotientError = l.sub(l.div(rest, denominator), l.mul(quotient, productError(l, x, x, square)))
  const decay = l.let(exp(l, l.neg(square)))
  const result = l.let(l.mul(decay, quotient))
  return l.add(result, l.add(productError(l, decay, quotient, result), l.mul(decay, quotientError)))
}

/** a b - fl(a b) exactly (Dekker). */
function productError(l: Lanes, a: Register, b: Register, product: Register): V {
  const a1 = upperHalf(l, a)
  const a0 = l.let(l.sub(a, a1))
  const b1 = a === b ? a1 : upperHalf(l, b)
  const b0 = a === b ? a0 : l.let(l.sub(b, b1))
  const rest = l.sub(l.sub(l.sub(product, l.mul(a1, b1)), l.mul(a1, b0)), l.mul(a0, b1))
  return l.sub(l.mul(a0, b0), rest)
}

function upperHalf(l: Lanes, a: Register): Register {
  const scaled = l.let(l.mul(a, l.c(134217729)))
  return l.let(l.sub(scaled, l.sub(scaled, a)))
}

/** |x|^e = exp(e log |x|); a negative base has a power where e is whole, negative where e is odd. */
export function pow(l: Lanes, x: Register, e: Register): V {
  if (l.precision !== 'narrow') return l.call('pow', powerValue, x, e)
  const size = l.let(l.abs(x))
  const isOne = l.or(l.eq(e, l.c(0)), l.eq(size, l.c(1)))
  const positive = l.let(l.select(isOne, l.c(1), exp(l, l.mul(e, log(l, size)))))
  const half = l.let(l.mul(e, l.c(0.5)))
  const whole = l.let(l.eq(l.floor(e), e))
  const odd = l.let(l.without(whole, l.eq(l.floor(half), half)))
  const signed = l.or(positive, l.and(l.and(odd, x), l.signs))
  const finite = l.and(l.lt(x, l.c(0)), l.lt(l.c(-Infinity), x))
  // A negative number has no real power that is not whole, but 1 at e = 0, and 0 or ∞ at the ends.
  return l.select(l.without(finite, whole), l.c(NaN), signed)
}
