/**
 * asin, acos and atan2 in float64 lanes. Each is a polynomial up to 1/2; beyond, asin and acos are found from
 * √((1 - |x|) / 2) and the arc tangent from π/4. The constants π/2, π/4 ... carry what their rounding has lost.
 */
import type { Lanes, Register, V } from '../lanes.ts'
import { ASIN, ATAN, PI_REST } from './coefficients.ts'

/** Only the upper half of a number's bits: its square is exact. */
const UPPER = 0xffffffff00000000n

interface Arc {
  readonly near: Register
  /** asin u = u + u · rest, for u = x where it is near 0, else √((1 - |x|) / 2). */
  readonly rest: Register
  readonly root: Register
  /** √((1 - |x|) / 2) in two parts. */
  readonly upper: Register
  readonly lower: V
}

function arc(l: Lanes, x: Register): Arc {
  const size = l.let(l.abs(x))
  const near = l.let(l.lt(size, l.c(0.5)))
  const half = l.let(l.mul(l.sub(l.c(1), size), l.c(0.5)))
  const z = l.let(l.select(near, l.mul(x, x), half))
  const rest = l.let(l.mul(z, l.polynomial(ASIN, z)))
  const root = l.let(l.sqrt(half))
  const upper = l.let(l.and(root, l.bits(UPPER)))
  // At |x| = 1 both are 0.
  const lower = l.div(l.sub(half, l.mul(upper, upper)), l.atLeast(l.add(root, upper), l.c(Number.MIN_VALUE)))
  return { near, rest, root, upper, lower }
}

/** π/2 - 2 asin √((1 - |x|) / 2), as π/4 - (... - (π/4 - 2 √)), where the last difference is exact or harmless. */
export function asin(l: Lanes, x: Register): V {
  const { near, rest, root, upper, lower } = arc(l, x)
  const inner = l.add(x, l.mul(x, rest))
  const quarter = l.c(Math.PI / 4)
  const small = l.sub(l.mul(l.add(root, root), rest), l.sub(l.c(PI_REST / 2), l.mul(l.c(2), lower)))
  const outer = l.sub(quarter, l.sub(small, l.sub(quarter, l.add(upper, upper))))
  return l.withSign(l.select(near, inner, outer), x)
}

/** π/2 - asin x; 2 asin √((1 - x) / 2) above 1/2, π less that of -x below -1/2. */
export function acos(l: Lanes, x: Register): V {
  const { near, rest, root, upper, lower } = arc(l, x)
  const inner = l.sub(l.c(Math.PI / 2), l.sub(x, l.sub(l.c(PI_REST / 2), l.mul(x, rest))))
  const product = l.let(l.mul(root, rest))
  const above = l.mul(l.c(2), l.add(upper, l.add(product, lower)))
  const below = l.sub(l.c(Math.PI), l.mul(l.c(2), l.add(root, l.sub(product, l.c(PI_REST / 2)))))
  return l.select(near, inner, l.select(l.lt(x, l.c(0)), below, above))
}

/**
 * The angle of (x, y): base ± atan(small / large) of the two sizes, where base is 0, π/2 or π; and where their ratio q
 * exceeds 1/2, atan q = π/4 + atan((small - large) / (small + large)), whose numerator is exact.
 */
export function atan2(l: Lanes, y: Register, x: Register): V {
  const [a, b] = [l.let(l.abs(y)), l.let(l.abs(x))]
  const steep = l.let(l.lt(b, a))
  const [small, large] = [l.let(l.select(steep, b, a)), l.let(l.select(steep, a, b))]
  const same = l.let(l.eq(small, large))
  const wide = l.let(l.or(l.lt(large, l.add(small, small)), l.and(same, l.lt(l.c(0), large))))
  const scale = l.let(l.select(l.lt(l.c(1), large), l.c(0.5), l.c(1)))
  const [low, high] = [l.let(l.mul(small, scale)), l.let(l.mul(large, scale))]
  const ratio = l.div(l.select(wide, l.sub(low, high), low), l.select(wide, l.add(low, high), high))
  // 0/0 and ∞/∞ are the axes and diagonals that they look like.
  const q = l.let(l.without(ratio, same))
  const negative = l.let(l.lt(l.withSign(l.c(1), x), l.c(0)))
  const flips = l.let(l.and(l.xor(steep, negative), l.signs))
  const z = l.let(l.mul(q, q))
  const rest = l.mul(l.mul(q, z), l.polynomial(ATAN, z))
  const halves = (part: number) => l.select(steep, l.c(part / 2), l.and(negative, l.c(part)))
  const base = l.let(halves(Math.PI))
  const turn = l.let(l.xor(l.and(wide, l.c(Math.PI / 4)), flips))
  const start = l.let(l.add(base, turn))
  const lost = l.add(l.sub(base, start), turn)
  const tail = l.add(halves(PI_REST), l.xor(l.and(wide, l.c(PI_REST / 4)), flips))
  return l.withSign(l.add(start, l.add(l.xor(q, flips), l.add(l.xor(rest, flips), l.add(lost, tail)))), y)
}
