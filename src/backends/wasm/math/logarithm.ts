/**
 * log and log1p. x = 2ᵏ m with m between √½ and √2. With f = m - 1 and s = f / (2 + f), log m is log((1 + s) / (1 - s)),
 * that is 2 s + s R(s²); as 2 s = f - s f, it is f - (f²/2 - s (f²/2 + R)), which keeps f, the largest part, exact.
 */
import type { Lanes, Register, V } from '../lanes.ts'
import { LN2, LN2_32, LOG, LOG_32, LOG_NARROW } from './coefficients.ts'

interface Format {
  readonly mantissa: number
  readonly bias: number
  readonly ln2: readonly number[]
  readonly series: readonly number[]
  /** The bits of √½, less those of 1. */
  readonly start: bigint
  /** Raises subnormal numbers to normal ones. */
  readonly lift: number
  readonly leastNormal: number
  /** Below, log(1 + x) is x. */
  readonly tiny: number
}

const single: Format = {
  mantissa: 23,
  bias: 127,
  ln2: LN2_32,
  series: LOG_32,
  start: 0x3f3504f3n - 0x3f800000n,
  lift: 25,
  leastNormal: 2 ** -126,
  tiny: 2 ** -25,
}

const double: Format = {
  mantissa: 52,
  bias: 1023,
  ln2: LN2,
  series: LOG,
  start: 0x3fe6a09e667f3bcdn - 0x3ff0000000000000n,
  lift: 54,
  leastNormal: 2 ** -1022,
  tiny: 2 ** -54,
}

const narrow: Format = { ...double, series: LOG_NARROW }

const formats = { float32: single, float64: double, narrow }
const formatOf = (l: Lanes): Format => formats[l.precision]
const wrapped = (l: Lanes, bits: bigint): Register => l.bits(BigInt.asUintN(l.count === 4 ? 32 : 64, bits))

interface Split {
  readonly k: Register
  readonly f: Register
  /** To be added to log m, small beside it. */
  readonly correction?: V
}

/** k, less `lift` where x was raised by it, and m - 1 of a positive normal number. */
function split(l: Lanes, x: V, lift?: V): Split {
  const { mantissa, bias, start } = formatOf(l)
  const bits = l.let(x)
  const biased = l.let(l.shiftRight(l.subBits(bits, wrapped(l, start)), mantissa))
  const m = l.addBits(l.subBits(bits, l.shiftLeft(biased, mantissa)), wrapped(l, BigInt(bias) << BigInt(mantissa)))
  // An integer below 2^mantissa as the last bits of 2^mantissa is that integer when 2^mantissa is taken off.
  const k = l.sub(l.or(biased, l.c(2 ** mantissa)), l.c(2 ** mantissa + bias))
  return { k: l.let(lift ? l.sub(k, lift) : k), f: l.let(l.sub(m, l.c(1))) }
}

function join(l: Lanes, { k, f, correction }: Split): V {
  const { ln2, series } = formatOf(l)
  const s = l.let(l.div(f, l.add(f, l.c(2))))
  const z = l.let(l.mul(s, s))
  const rest = l.mul(z, l.polynomial(series, z))
  const half = l.let(l.mul(l.mul(f, f), l.c(0.5)))
  const low = l.mul(k, l.c(ln2[1]))
  const small = l.add(l.mul(s, l.add(half, rest)), correction ? l.add(low, correction) : low)
  return l.sub(l.mul(k, l.c(ln2[0])), l.sub(l.sub(half, small), f))
}

/** What log(u) is where u is not a positive number: -∞ at 0, NaN below, ∞ and NaN themselves. */
const atEdges = (l: Lanes, value: V, u: Register): V =>
  l.select(
    l.and(l.lt(l.c(0), u), l.lt(u, l.c(Infinity))),
    value,
    l.select(l.eq(u, l.c(0)), l.c(-Infinity), l.select(l.lt(u, l.c(0)), l.c(NaN), u)),
  )

export function log(l: Lanes, x: Register): V {
  const { lift, leastNormal } = formatOf(l)
  const low = l.let(l.lt(x, l.c(leastNormal)))
  const normal = l.select(low, l.mul(x, l.c(2 ** lift)), x)
  return atEdges(l, join(l, split(l, normal, l.and(low, l.c(lift)))), x)
}

/** log u with u = 1 + x rounded, plus the rounding's error relative to u. */
export function log1p(l: Lanes, x: Register): V {
  const u = l.let(l.add(l.c(1), x))
  const parts = l.precision === 'narrow' ? splitNarrow(l, x, u) : splitExactly(l, x, u)
  return l.select(l.lt(l.abs(x), l.c(formatOf(l).tiny)), x, atEdges(l, join(l, parts), u))
}

function splitExactly(l: Lanes, x: Register, u: Register): Split {
  const one = l.c(1)
  const added = l.let(l.sub(u, one))
  const error = l.add(l.sub(one, l.sub(u, added)), l.sub(x, added))
  return { ...split(l, u), correction: l.div(error, u) }
}

/** Where k = 0, m - 1 is x itself; elsewhere the error, relative to a logarithm of at least 1/3, does no harm. */
function splitNarrow(l: Lanes, x: Register, u: Register): Split {
  const { k, f } = split(l, u)
  return { k, f: l.let(l.select(l.eq(k, l.c(0)), x, f)) }
}
