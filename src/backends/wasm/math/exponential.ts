/**
 * exp, expm1 and the hyperbolic functions. x = k log 2 + r with |r| <= log 2 / 2, so eˣ = 2ᵏ eʳ, where eʳ - 1 - r is r²
 * times a polynomial. k log 2 is taken off in two parts, hi - lo = r, so that r loses nothing to rounding.
 *
 * k is found by adding 1.5 · 2⁵² (2²³ in float32): the sum's last bits are the integer nearest to x / log 2. 2ᵏ is
 * applied as two factors, as k may lie beyond the exponents of a normal number; hence twice the bias is added as well,
 * and half of the sum's last bits is the first factor's exponent, the other half the second's.
 */
import type { Lanes, Register, V } from '../lanes.ts'
import { EXP, EXP_32, EXP_NARROW, LN2, LN2_32, TANH_32 } from './coefficients.ts'

interface Format {
  readonly mantissa: number
  readonly bias: number
  readonly ln2: readonly number[]
  readonly series: readonly number[]
  /** Beyond these eˣ is 0 or ∞. At `least` both factors of 2ᵏ are 0: processors take long for results too small to hold. */
  readonly least: number
  readonly most: number
  /** Below, eˣ - 1 is -1; from this up, tanh is 1. */
  readonly flat: number
  readonly level: number
  readonly largest: number
}

const single: Format = {
  mantissa: 23,
  bias: 127,
  ln2: LN2_32,
  series: EXP_32,
  least: -176,
  most: 91,
  flat: -20,
  level: 10,
  largest: 2 ** 127 * (2 - 2 ** -23),
}

const double: Format = {
  mantissa: 52,
  bias: 1023,
  ln2: LN2,
  series: EXP,
  least: -1418,
  most: 713,
  flat: -40,
  level: 22,
  largest: Number.MAX_VALUE,
}

const narrow: Format = { ...double, series: EXP_NARROW }

const formats = { float32: single, float64: double, narrow }
const formatOf = (l: Lanes): Format => formats[l.precision]

/** x = k log 2 + r. The last bits of `k` are k + 2 bias. */
interface Reduced {
  readonly k: Register
  readonly hi: Register
  readonly lo: Register
  /** eʳ - 1 - r. */
  readonly rest: Register
}

const magic = ({ mantissa, bias }: Format): number => 1.5 * 2 ** mantissa + 2 * bias

function reduce(l: Lanes, x: V): Reduced {
  const format = formatOf(l)
  const shift = l.c(magic(format))
  const k = l.let(l.multiplyAdd(x, l.c(1 / Math.LN2), shift))
  const multiple = l.let(l.sub(k, shift))
  const hi = l.let(l.sub(x, l.mul(multiple, l.c(format.ln2[0]))))
  const lo = l.let(l.mul(multiple, l.c(format.ln2[1])))
  const r = l.let(l.sub(hi, lo))
  return { k, hi, lo, rest: l.let(l.mul(l.mul(r, r), l.polynomial(format.series, r))) }
}

/** y · 2^(k + extra). */
function scale(l: Lanes, y: V, k: Register, extra = 0): V {
  const { mantissa } = formatOf(l)
  const bits = extra === 0 ? k : l.let(l.addBits(k, l.bits(BigInt.asUintN(l.count === 4 ? 32 : 64, BigInt(extra)))))
  const half = l.let(l.shiftRight(bits, 1))
  const first = l.shiftLeft(half, mantissa)
  const second = l.shiftLeft(l.subBits(bits, half), mantissa)
  return l.mul(l.mul(y, first), second)
}

/** eˣ · 2^extra for x that may be anything. */
function expTimes(l: Lanes, x: V, extra: number): V {
  const { least, most } = formatOf(l)
  const bounded = l.let(l.atLeast(l.atMost(x, l.c(most)), l.c(least)))
  const { k, hi, lo, rest } = reduce(l, bounded)
  return scale(l, l.add(l.c(1), l.sub(hi, l.sub(lo, rest))), k, extra)
}

export const exp = (l: Lanes, x: V): V => expTimes(l, x, 0)

/**
 * (eˣ - 1) / 2ᵏ = (1 - 2⁻ᵏ) + (eʳ - 1), where the larger part and hi are added with their rounding error kept: they
 * may cancel. Beyond k = 60 the 2⁻ᵏ is nothing.
 */
function expm1Mantissa(l: Lanes, { k, hi, lo, rest }: Reduced): V {
  const { mantissa, bias } = formatOf(l)
  const bounded = l.atMost(k, l.c(magic(formatOf(l)) + 60))
  const inverse = l.shiftLeft(l.subBits(l.bits(BigInt(3 * bias)), bounded), mantissa)
  const whole = l.let(l.sub(l.c(1), inverse))
  const sum = l.let(l.add(whole, hi))
  const error = l.add(l.sub(whole, sum), hi)
  return l.add(sum, l.add(l.sub(rest, lo), error))
}

export function expm1(l: Lanes, x: Register): V {
  const { flat, most } = formatOf(l)
  const reduced = reduce(l, l.let(l.atLeast(l.atMost(x, l.c(most)), l.c(flat))))
  // The sign is lost at -0 alone.
  return l.withSign(scale(l, expm1Mantissa(l, reduced), reduced.k), x)
}

/** expm1 where neither bounds nor exponents need care: from `flat` to 50. */
function expm1Within(l: Lanes, x: V): V {
  const { mantissa, bias } = formatOf(l)
  const reduced = reduce(l, l.let(x))
  const power = l.shiftLeft(l.subBits(reduced.k, l.bits(BigInt(bias))), mantissa)
  return l.mul(expm1Mantissa(l, reduced), power)
}

export const tanh = (l: Lanes, x: Register): V => (l.count === 4 ? tanhSingle(l, x) : tanhDouble(l, x))

/** A polynomial below 0.625; the rest only if a lane needs it, since many networks have small values everywhere. */
function tanhSingle(l: Lanes, x: Register): V {
  const size = l.let(l.atMost(l.abs(x), l.c(single.level)))
  const large = l.let(l.le(l.c(0.625), size))
  const z = l.let(l.mul(size, size))
  const result = l.variables(x.strands.length, l.add(size, l.mul(l.mul(size, z), l.polynomial(TANH_32, z))))
  l.f.if(l.any(large), () => l.set(result, l.select(large, tanhOfLarge(l, size), result)))
  return l.withSign(result, x)
}

/** 1 - 2 / (e^(2 size) + 1), which cancels below 0.625. */
function tanhOfLarge(l: Lanes, size: Register): V {
  const { k, hi, lo, rest } = reduce(l, l.let(l.add(size, size)))
  const power = l.shiftLeft(l.subBits(k, l.bits(BigInt(single.bias))), single.mantissa)
  const grown = l.mul(l.add(l.c(1), l.sub(hi, l.sub(lo, rest))), power)
  return l.sub(l.c(1), l.div(l.c(2), l.add(grown, l.c(1))))
}

/** With t = e^(2|x|) - 1, 1 - 2 / (t + 2); below 1 with t = e^(-2|x|) - 1, -t / (t + 2), which does not cancel. */
function tanhDouble(l: Lanes, x: Register): V {
  const size = l.let(l.atMost(l.abs(x), l.c(double.level)))
  const large = l.let(l.le(l.c(1), size))
  const twice = l.let(l.add(size, size))
  const t = l.let(expm1Within(l, l.select(large, twice, l.neg(twice))))
  const quotient = l.let(l.div(l.select(large, l.c(2), l.abs(t)), l.add(t, l.c(2))))
  return l.withSign(l.select(large, l.sub(l.c(1), quotient), quotient), x)
}

/** With t = e^|x| - 1, (t + t / (t + 1)) / 2; half of t is what is computed, as t may overflow where sinh does not. */
export function sinh(l: Lanes, x: Register): V {
  const { most, largest } = formatOf(l)
  const reduced = reduce(l, l.let(l.atMost(l.abs(x), l.c(most))))
  const half = l.let(scale(l, expm1Mantissa(l, reduced), reduced.k, -1))
  const other = l.div(l.atMost(half, l.c(largest)), l.add(l.add(half, half), l.c(1)))
  return l.withSign(l.add(half, other), x)
}

/** With h = e^|x| / 2, h + 1 / (4 h). */
export function cosh(l: Lanes, x: Register): V {
  const half = l.let(expTimes(l, l.abs(x), -1))
  return l.add(half, l.div(l.c(0.25), half))
}
