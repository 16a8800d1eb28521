/**
 * Every intrinsic of the scalar language as vector code: two tables (and `select`, which `formula.ts` writes), so that a
 * missing one does not compile.
 *
 * Errors in units in the last place, for every argument: in float32 at most 1 (exp, log, log1p), 1.5 (expm1, tanh, cosh,
 * erf) or 0.501 (all others, which are computed in float64 and rounded); in float64 what `scalar/intrinsics.ts` states.
 * Zeros, infinities and NaN are exactly what it gives for them, and -0 keeps its sign. `fmod`, powers in float64, and sin
 * and cos of huge numbers are the engine's. Where products and sums are fused, results differ in the last place from
 * those of engines that do not, within the same bounds.
 */
import type { Intrinsic } from '../../../scalar/index.ts'
import { op, shuffle } from '../emit/code.ts'
import { type Lanes, on, over, type Register, strandOf, type V } from '../lanes.ts'
import { cosh, exp, expm1, sinh, tanh } from './exponential.ts'
import { acos, asin, atan2 } from './inverse.ts'
import { log, log1p } from './logarithm.ts'
import { erf, erfc, pow } from './special.ts'
import { cos, sin } from './trigonometric.ts'

export type Write = (l: Lanes, ...of: Register[]) => V

/** In float32: both halves of each operand in float64 lanes, and the results rounded. */
const widened =
  (write: Write): Write =>
  (l, ...of) => {
    if (l.precision !== 'float32') return write(l, ...of)
    const wide = l.in('narrow')
    const low = of.map((x) => wide.let(on(x, (v) => op('f64x2.promote_low_f32x4', v))))
    const high = of.map((x) => wide.let(on(x, (v) => op('f64x2.promote_low_f32x4', shuffle(v, v, [2, 3, 2, 3])))))
    const [a, b] = [low, high].map((half) => l.let(on(write(wide, ...half), (v) => op('f32x4.demote_f64x2_zero', v))))
    return over([a, b], (i) => shuffle(strandOf(a, i), strandOf(b, i), [0, 1, 4, 5]))
  }

const fmod = (a: number, b: number): number => a % b

export type Comparison = 'eq' | 'lt' | 'le'

/** Masks, where the scalar language has 0 and 1. */
export const comparisons = {
  eq: (l, a, b) => l.eq(a, b),
  lt: (l, a, b) => l.lt(a, b),
  le: (l, a, b) => l.le(a, b),
} satisfies Record<Comparison, Write>

export const emitters = {
  add: (l, a, b) => l.add(a, b),
  sub: (l, a, b) => l.sub(a, b),
  mul: (l, a, b) => l.mul(a, b),
  div: (l, a, b) => l.div(a, b),
  neg: (l, a) => l.neg(a),
  abs: (l, a) => l.abs(a),
  // 0 and NaN are their own sign.
  sign: (l, a) => l.select(l.lt(l.c(0), l.abs(a)), l.withSign(l.c(1), a), a),
  floor: (l, a) => l.floor(a),
  round: (l, a) => l.nearest(a),
  min: (l, a, b) => l.min(a, b),
  max: (l, a, b) => l.max(a, b),
  fmod: (l, a, b) => l.call('fmod', fmod, a, b),
  sqrt: (l, a) => l.sqrt(a),
  pow: widened(pow),
  exp,
  expm1,
  log,
  log1p,
  sin: widened(sin),
  cos: widened(cos),
  asin: widened(asin),
  acos: widened(acos),
  atan2: widened(atan2),
  sinh: widened(sinh),
  cosh,
  tanh,
  erf,
  erfc: widened(erfc),
} satisfies Record<Exclude<Intrinsic, Comparison | 'select'>, Write>
