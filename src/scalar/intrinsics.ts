/**
 * What each intrinsic is, once: its value in float64 (with `ulp`, the largest error of that value, as measured), its
 * partial derivatives as formulas, and how it is written. Kinks are decided here: abs'(0) = 0, max and min share 1/2 at
 * a tie, steps have slope 0. Read `differentiate.ts` next.
 */

import { erf, erfc } from './erf.ts'
import * as s from './expression.ts'
import { c, type Intrinsic, type Scalar } from './expression.ts'
import { power, roundHalfEven } from './numeric.ts'
import { type Written, written } from './written.ts'

export type IntrinsicRule = {
  readonly value: (...of: number[]) => number
  /** d value / d argument, one per argument. A partial that simplifies to 0 means "does not depend". */
  readonly partials: (...of: Scalar[]) => Scalar[]
  /** For what the sum of partial times tangent cannot say: the derivative from the arguments' derivatives. */
  readonly chain?: (of: readonly Scalar[], tangents: readonly Scalar[]) => Scalar
  /** Error bound of `value` in units in the last place: 0 is exact, 0.5 correctly rounded, others measured on V8. */
  readonly ulp: number
  readonly written: Written
}

const zero = c(0)
const one = c(1)
const flat = (...of: Scalar[]) => of.map(() => zero)
const square = (x: Scalar) => s.mul(x, x)
const truth = (condition: boolean) => (condition ? 1 : 0)

/** sqrt(1 - x^2), with no cancellation near |x| = 1. */
const cosOfAsin = (x: Scalar) => s.sqrt(s.mul(s.sub(one, x), s.add(one, x)))

/** The slope of max(a, b) in its first argument is given by a < b; NaN passes, a tie shares. */
const share = (loses: Scalar, a: Scalar, b: Scalar) => s.select(loses, zero, s.select(s.eq(a, b), c(0.5), one))

/** 2/sqrt(pi) exp(-x^2) */
const gauss = (x: Scalar) => s.mul(c(1.1283791670955126), s.exp(s.neg(square(x))))

/**
 * d x^e/dx = e x^(e-1), but 0 at x = e = 0, where it reads 0 * 0^-1; only there, so that d/de of it stays x^-1 at
 * (x, 0). d x^e/de = x^e log x, and its limit 0 at x = 0 <= e.
 */
function powerPartials(x: Scalar, e: Scalar): Scalar[] {
  const slope = s.mul(e, s.pow(x, s.sub(e, one)))
  const atOrigin = s.mul(s.eq(x, zero), s.eq(e, zero))
  const vanishes = s.mul(s.eq(x, zero), s.le(zero, e))
  return [s.select(atOrigin, zero, slope), s.select(vanishes, zero, s.mul(s.pow(x, e), s.log(x)))]
}

const arithmetic = {
  add: { value: (a, b) => a + b, partials: () => [one, one], ulp: 0.5, written: written.sum },
  sub: { value: (a, b) => a - b, partials: () => [one, c(-1)], ulp: 0.5, written: written.difference },
  mul: { value: (a, b) => a * b, partials: (a, b) => [b, a], ulp: 0.5, written: written.product },
  div: {
    value: (a, b) => a / b,
    // -(a/b)/b rather than -a/b^2: b^2 overflows long before b does
    partials: (a, b) => [s.div(one, b), s.neg(s.div(s.div(a, b), b))],
    ulp: 0.5,
    written: written.quotient,
  },
  neg: { value: (a) => -a, partials: () => [c(-1)], ulp: 0, written: written.negation },
} satisfies Partial<Record<Intrinsic, IntrinsicRule>>

const pieces = {
  abs: {
    value: Math.abs,
    partials: (a) => [s.sign(a)],
    ulp: 0,
    written: written.magnitude,
  },
  sign: { value: Math.sign, partials: flat, ulp: 0, written: written.applied('sign') },
  floor: {
    value: Math.floor,
    partials: flat,
    ulp: 0,
    written: written.floor,
  },
  round: { value: roundHalfEven, partials: flat, ulp: 0, written: written.applied('round') },
  min: {
    value: (a, b) => Math.min(a, b),
    partials: (a, b) => [share(s.lt(b, a), a, b), share(s.lt(a, b), a, b)],
    ulp: 0,
    written: written.applied('min'),
  },
  max: {
    value: (a, b) => Math.max(a, b),
    partials: (a, b) => [share(s.lt(a, b), a, b), share(s.lt(b, a), a, b)],
    ulp: 0,
    written: written.applied('max'),
  },
  fmod: {
    value: (a, b) => a % b,
    // a - fmod(a, b) = k b with k constant between the jumps
    partials: (a, b) => [one, s.neg(s.div(s.sub(a, s.fmod(a, b)), b))],
    ulp: 0,
    written: written.remainder,
  },
} satisfies Partial<Record<Intrinsic, IntrinsicRule>>

const powers = {
  sqrt: {
    value: Math.sqrt,
    partials: (a) => [s.div(c(0.5), s.sqrt(a))],
    ulp: 0.5,
    written: written.root,
  },
  pow: { value: power, partials: powerPartials, ulp: 2.5, written: written.power },
  exp: {
    value: Math.exp,
    partials: (a) => [s.exp(a)],
    ulp: 1.3,
    written: written.exponential,
  },
  expm1: {
    value: Math.expm1,
    partials: (a) => [s.exp(a)],
    ulp: 1.2,
    written: written.expm1,
  },
  log: {
    value: Math.log,
    partials: (a) => [s.div(one, a)],
    ulp: 1,
    written: written.applied('log', 'ln'),
  },
  log1p: {
    value: Math.log1p,
    partials: (a) => [s.div(one, s.add(one, a))],
    ulp: 1,
    written: written.log1p,
  },
} satisfies Partial<Record<Intrinsic, IntrinsicRule>>

const transcendental = {
  sin: { value: Math.sin, partials: (a) => [s.cos(a)], ulp: 1, written: written.applied('sin') },
  cos: {
    value: Math.cos,
    partials: (a) => [s.neg(s.sin(a))],
    ulp: 1,
    written: written.applied('cos'),
  },
  asin: {
    value: Math.asin,
    partials: (a) => [s.div(one, cosOfAsin(a))],
    ulp: 1,
    written: written.applied('asin', 'arcsin'),
  },
  acos: {
    value: Math.acos,
    partials: (a) => [s.div(c(-1), cosOfAsin(a))],
    ulp: 1,
    written: written.applied('acos', 'arccos'),
  },
  atan2: {
    value: (y, x) => Math.atan2(y, x),
    partials: (y, x) => [s.div(x, s.add(square(x), square(y))), s.div(s.neg(y), s.add(square(x), square(y)))],
    ulp: 1.5,
    written: written.applied('atan2'),
  },
  sinh: {
    value: Math.sinh,
    partials: (a) => [s.cosh(a)],
    ulp: 2,
    written: written.applied('sinh'),
  },
  cosh: {
    value: Math.cosh,
    partials: (a) => [s.sinh(a)],
    ulp: 1.5,
    written: written.applied('cosh'),
  },
  tanh: {
    value: Math.tanh,
    // 1/cosh^2, as 1 - tanh^2 cancels
    partials: (a) => [s.div(one, square(s.cosh(a)))],
    ulp: 2.5,
    written: written.applied('tanh'),
  },
  erf: { value: erf, partials: (a) => [gauss(a)], ulp: 1.2, written: written.applied('erf') },
  erfc: {
    value: erfc,
    partials: (a) => [s.neg(gauss(a))],
    ulp: 1.8,
    written: written.applied('erfc'),
  },
} satisfies Partial<Record<Intrinsic, IntrinsicRule>>

const choices = {
  eq: { value: (a, b) => truth(a === b), partials: flat, ulp: 0, written: written.relation('==') },
  lt: { value: (a, b) => truth(a < b), partials: flat, ulp: 0, written: written.relation('<') },
  le: { value: (a, b) => truth(a <= b), partials: flat, ulp: 0, written: written.relation('<=') },
  select: {
    value: (when, a, b) => (when !== 0 ? a : b),
    partials: (when) => [zero, s.select(when, one, zero), s.select(when, zero, one)],
    // choosing between tangents, where 0 * NaN would leak the untaken branch
    chain: ([when], [, a, b]) => s.select(when, a, b),
    ulp: 0,
    written: written.choice,
  },
} satisfies Partial<Record<Intrinsic, IntrinsicRule>>

export const intrinsics: Readonly<Record<Intrinsic, IntrinsicRule>> = {
  ...arithmetic,
  ...pieces,
  ...powers,
  ...transcendental,
  ...choices,
} satisfies Record<Intrinsic, IntrinsicRule>
