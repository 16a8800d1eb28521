/**
 * erf and erfc in float64, at most 2 ulp off everywhere. The idea: erf(x) = x (1 + small(x^2)) near 0, and
 * erfc(x) = exp(-x^2) tail(t) / (1 + 2x) elsewhere, with both polynomials small beside the constant they correct.
 * erfc keeps the rounding errors of x^2, of the quotient and of the product and adds them back at the end, since
 * each would otherwise cost half an ulp or (x^2) hundreds of them.
 */

import { SMALL, TAIL, TAIL_CENTRE } from './erf-coefficients.ts'

export function erf(x: number): number {
  const size = Math.abs(x)
  if (size < 0.84) return x + x * polynomial(SMALL, x * x)
  if (size < 6) return x > 0 ? 1 - tail(size) : tail(size) - 1
  return Math.sign(x)
}

export function erfc(x: number): number {
  if (x < 0.4) return x > -0.84 ? 1 - erf(x) : x > -6 ? 2 - tail(-x) : 2
  if (x > 28) return 0
  return accurateTail(x)
}

/** Horner's rule, lowest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = coefficients[coefficients.length - 1]
  for (let i = coefficients.length - 2; i >= 0; i--) sum = sum * x + coefficients[i]
  return sum
}

/** erfc(x) to a few ulp: enough where it is subtracted from 1. */
function tail(x: number): number {
  return (Math.exp(-x * x) * (TAIL_CENTRE + polynomial(TAIL, (x - 3) / (x + 3)))) / (1 + 2 * x)
}

/** erfc(x) for 0.4 <= x <= 28, with every rounding error but those of exp and of the last sum carried along. */
function accurateTail(x: number): number {
  const square = x * x
  const correction = polynomial(TAIL, (x - 3) / (x + 3))
  const numerator = TAIL_CENTRE + correction
  const numeratorError = TAIL_CENTRE - numerator + correction
  const denominator = 1 + 2 * x
  const denominatorError = x > 0.5 ? 2 * x - denominator + 1 : 1 - denominator + 2 * x
  const quotient = numerator / denominator
  const product = quotient * denominator
  const remainder = numerator - product - productError(quotient, denominator, product)
  const quotientError =
    (remainder + numeratorError - quotient * denominatorError) / denominator - quotient * productError(x, x, square)
  const e = Math.exp(-square)
  const result = e * quotient
  return result + (productError(e, quotient, result) + e * quotientError)
}

/** a b - fl(a b) exactly (Dekker): both factors are split into halves whose products need no rounding. */
function productError(a: number, b: number, product: number): number {
  const a1 = upperHalf(a)
  const b1 = upperHalf(b)
  const a0 = a - a1
  const b0 = b - b1
  return a0 * b0 - (product - a1 * b1 - a1 * b0 - a0 * b1)
}

function upperHalf(a: number): number {
  const scaled = a * 134217729
  return scaled - (scaled - a)
}
