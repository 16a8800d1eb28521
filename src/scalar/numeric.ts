/**
 * The float64 functions that `Math` lacks or defines otherwise than IEEE 754. Each intrinsic's value is either a
 * function here or one of `Math`; generated code reaches these through `scalarHelpers`.
 */

/** To the nearest integer, halves to the even one; keeps the sign of zero. */
export function roundHalfEven(x: number): number {
  const up = Math.round(x)
  return up - x === 0.5 && up % 2 !== 0 ? up - 1 : up
}

/**
 * IEEE pow: `Math.pow` gives NaN where IEEE (and C) give 1, at pow(1, anything) and pow(-1, +-Infinity). The exponents
 * 2, 3, -1 and 1/2 are written out, so that interpreted, composed and generated code agree to the bit.
 */
export function power(x: number, e: number): number {
  if (e === 2) return x * x
  if (e === 3) return x * x * x
  if (e === -1) return 1 / x
  if (e === 0.5) return x === -Infinity ? Infinity : Math.sqrt(x + 0)
  if (x === 1 || (x === -1 && (e === Infinity || e === -Infinity))) return 1
  return x ** e
}

/** x^e modulo 2^32 for integers, by squaring; a negative exponent leaves the integer part of 1 / x^-e. */
export function integerPower(x: number, e: number): number {
  if (e < 0) return x === 1 ? 1 : x === -1 ? (e % 2 === 0 ? 1 : -1) : 0
  let [result, square] = [1, x | 0]
  for (let rest = e; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.imul(result, square)
    square = Math.imul(square, square)
  }
  return result
}
