/**
 * sin and cos in float64 lanes. x = n π/2 + y with |y| <= π/4: the last two bits of n say which of ±sin y, ±cos y it is.
 * n π/2 is taken off in three parts, whose rounding errors are kept as the tail of y. That holds up to |x| = 2²⁰ and
 * unless x comes so near to a multiple of π/2 that the tail runs out of digits; both are rare, and then the lanes are
 * handed to `Math`.
 */
import type { Lanes, Register, V } from '../lanes.ts'
import { COS, HALF_PI, SIN } from './coefficients.ts'

const MAGIC = 1.5 * 2 ** 52
const LARGEST = 2 ** 20
/** How near to a multiple of π/2, relative to x, leaves enough digits. */
const NEAR = 2 ** -40

interface Reduced {
  /** Its last bits are those of n. */
  readonly n: Register
  readonly y: Register
  readonly tail: Register
  /** Lanes in which this does not hold. */
  readonly lost: Register
}

function reduce(l: Lanes, x: Register): Reduced {
  const n = l.let(l.add(l.mul(x, l.c(2 / Math.PI)), l.c(MAGIC)))
  const multiple = l.let(l.sub(n, l.c(MAGIC)))
  const first = l.let(l.sub(x, l.mul(multiple, l.c(HALF_PI[0]))))
  const second = l.let(l.mul(multiple, l.c(HALF_PI[1])))
  const rough = l.let(l.sub(first, second))
  // What the difference has lost, however large its two sides are.
  const back = l.let(l.add(rough, second))
  const error = l.sub(l.sub(first, back), l.sub(second, l.sub(back, rough)))
  const rest = l.let(l.sub(error, l.mul(multiple, l.c(HALF_PI[2]))))
  const y = l.let(l.add(rough, rest))
  const tail = l.let(l.add(l.sub(rough, y), rest))
  const size = l.let(l.abs(x))
  const lost = l.let(l.or(l.lt(l.c(LARGEST), size), l.lt(l.abs(y), l.mul(size, l.c(NEAR)))))
  return { n, y, tail, lost }
}

/** sin(x + quarter π/2). */
function wave(l: Lanes, x: Register, quarter: number, exact: V): V {
  const { n, y, tail, lost } = reduce(l, x)
  const z = l.let(l.mul(y, y))
  const sine = l.add(y, l.add(l.mul(l.mul(z, y), l.polynomial(SIN, z)), l.sub(tail, l.mul(l.mul(z, l.c(0.5)), tail))))
  const half = l.let(l.mul(z, l.c(0.5)))
  const most = l.let(l.sub(l.c(1), half))
  const least = l.sub(l.mul(l.mul(z, z), l.polynomial(COS, z)), l.mul(y, tail))
  const cosine = l.add(most, l.add(l.sub(l.sub(l.c(1), most), half), least))
  const turn = l.let(quarter === 0 ? n : l.addBits(n, l.bits(BigInt(quarter))))
  const odd = l.subBits(l.bits(0n), l.and(turn, l.bits(1n)))
  const negative = l.and(l.shiftLeft(turn, 62), l.signs)
  const result = l.let(l.xor(l.select(odd, cosine, sine), negative))
  // Only the lanes that need it, so that no element's value depends on its neighbours.
  l.f.if(l.any(lost), () => l.set(result, l.select(lost, exact, result)))
  return result
}

/** -0 is the one value whose sign the sums lose. */
export const sin = (l: Lanes, x: Register): V => l.select(l.eq(x, l.c(0)), x, wave(l, x, 0, l.call('sin', Math.sin, x)))
export const cos = (l: Lanes, x: Register): V => wave(l, x, 1, l.call('cos', Math.cos, x))
