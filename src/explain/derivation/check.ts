/**
 * Whether a derivation is right, by numbers: at sampled points every step must equal the one before it and the
 * difference quotient of the definition, and the last step must be what the engine computes, far out as well. What a
 * step gives far out is kept too: a form that is right on paper may be 0/0 in floating point.
 */
import { differentiate, evaluate, type Scalar } from '../../scalar/index.ts'
import { type Derivation, expanded, type Point } from './model.ts'

/** The largest |a - b| / (1 + max(|a|, |b|)) over the points, and where it occurred. */
export interface Disagreement {
  readonly error: number
  readonly at: Point | null
}

export interface StepCheck {
  readonly ok: boolean
  /** From the step before; for the first derivative, from the one that the differentiation rules give. */
  readonly before: Disagreement
  /** From the central difference quotient of the definition; for a step about the function itself, from the definition. */
  readonly start: Disagreement
  /** The values at the derivation's extreme points. */
  readonly extremes: readonly number[]
}

/** Where the slopes from the left and from the right differ, and the one that the engine takes. */
export interface Kink {
  readonly at: number
  /** True where the value jumps, so that at least one of the slopes is infinite. */
  readonly jump: boolean
  readonly left: number
  readonly right: number
  readonly chosen: number
}

export interface DerivationCheck {
  readonly ok: boolean
  readonly points: number
  readonly steps: readonly StepCheck[]
  /** The differential of each part against the part's difference quotient. */
  readonly parts: readonly Disagreement[]
  /** The last step against the engine; at the extreme points relative to the value, however small. */
  readonly engine: Disagreement
  /** The engine's derivative at the extreme points. */
  readonly extremes: readonly number[]
  readonly kinks: readonly Kink[]
}

/**
 * Two forms of one expression differ by rounding only. A difference quotient is off by the square of its step, but by
 * the step itself where the curvature jumps.
 */
export const tolerance = { step: 1e-12, quotient: 1e-5 } as const

/** Half of the digits survive in a difference quotient with a step of this size: the cube root of the precision. */
const nudge = Math.cbrt(Number.EPSILON)

type Evaluate = (at: Point) => number

/**
 * Checks every step of a derivation at sampled points of its domain: to 1e-12 against the step before and against the
 * engine, to 1e-5 against central differences, both relative to 1 + the larger value.
 * @example checkDerivation(derivation('tanh').derivation).ok // true
 */
export function checkDerivation(d: Derivation): DerivationCheck {
  const points = samplePoints(d.samples)
  const value = (s: Scalar): Evaluate => {
    const inArguments = expanded(d, s)
    return (at) => evaluate(inArguments, at)
  }
  const formula = value(d.formula)
  const kinks = points.filter((at) => isKink(formula, d.wrt, at)).map((at) => kinkAt(formula, d, at))
  const smooth = points.filter((at) => !kinks.some((kink) => kink.at === at[d.wrt]))
  const quotient: Evaluate = (at) => slopeOf(formula, d.wrt, at, 1, -1)

  let [f, slope] = [formula, value(differentiate(d.formula, d.wrt))]
  const steps = d.steps.map(({ of, is }): StepCheck => {
    const here = value(is)
    const rewritten = of === 'function'
    const before = disagreement(rewritten ? f : slope, here, smooth)
    const start = disagreement(rewritten ? formula : quotient, here, smooth)
    if (rewritten) f = here
    else slope = here
    const allowed = rewritten ? tolerance.step : tolerance.quotient
    const ok = before.error <= tolerance.step && start.error <= allowed
    return { ok, before, start, extremes: d.extremes.map(here) }
  })
  const parts = d.parts.map(({ is, differential }) => {
    const part = value(is)
    // A part that is not taken there may have no slope, or no value.
    const there = smooth.filter((at) => Number.isFinite(part(at)) && !isKink(part, d.wrt, at))
    return disagreement((at) => slopeOf(part, d.wrt, at, 1, -1), value(differential), there)
  })
  const usual = disagreement(d.engine, slope, points)
  const defined = d.extremes.filter((at) => !(Number.isNaN(d.engine(at)) && Number.isNaN(slope(at))))
  const far = disagreement(d.engine, slope, defined, 0)
  const engine = far.error > usual.error ? far : usual
  const ok =
    steps.every((step) => step.ok) &&
    parts.every(({ error }) => error <= tolerance.quotient) &&
    engine.error <= tolerance.step
  return { ok, points: points.length, steps, parts, engine, extremes: d.extremes.map(d.engine), kinks }
}

/** Evenly spaced with both ends for one argument; for several a sequence that fills the box evenly (Roberts 2018). */
function samplePoints(samples: Derivation['samples']): Point[] {
  const names = Object.keys(samples)
  const place = (share: (k: number) => number): Point =>
    Object.fromEntries(names.map((name, k) => [name, samples[name](share(k))]))
  if (names.length === 1) return Array.from({ length: 49 }, (_, i) => place(() => i / 48))
  // The root of r^(d + 1) = r + 1, the golden ratio for d = 1.
  let ratio = 2
  for (let k = 0; k < 60; k++) ratio = (1 + ratio) ** (1 / (names.length + 1))
  return Array.from({ length: 100 }, (_, i) => place((k) => (0.5 + (i + 1) / ratio ** (k + 1)) % 1))
}

/** (f(x + right h) - f(x + left h)) / ((right - left) h) */
export function slopeOf(f: Evaluate, wrt: string, at: Point, right: number, left: number): number {
  const h = nudge * Math.max(1, Math.abs(at[wrt]))
  const [above, below] = [at[wrt] + right * h, at[wrt] + left * h]
  return (f({ ...at, [wrt]: above }) - f({ ...at, [wrt]: below })) / (above - below)
}

/** Of a smooth function the slopes from both sides differ by h f'', far less than this; at a jump they grow as h shrinks. */
function isKink(f: Evaluate, wrt: string, at: Point): boolean {
  const slopes = [-1, -0.5, 0.5, 1].map((side) => slopeOf(f, wrt, at, Math.max(side, 0), Math.min(side, 0)))
  const [least, most] = [Math.min(...slopes), Math.max(...slopes)]
  return most - least > 0.01 * (1 + Math.max(-least, most))
}

function kinkAt(f: Evaluate, d: Derivation, at: Point): Kink {
  const slope = (side: number) => slopeOf(f, d.wrt, at, Math.max(side, 0), Math.min(side, 0))
  const jump = [-1, 1].some((side) => Math.abs(slope(side)) > 1 && Math.abs(slope(side / 2) / slope(side)) > 1.5)
  return { at: at[d.wrt], jump, left: slope(-1), right: slope(1), chosen: d.engine(at) }
}

function disagreement(expected: Evaluate, found: Evaluate, points: readonly Point[], unit = 1): Disagreement {
  let worst: Disagreement = { error: 0, at: null }
  for (const at of points) {
    const error = errorOf(expected(at), found(at), unit)
    if (!(error <= worst.error)) worst = { error, at }
  }
  return worst
}

/** No number agrees with NaN. */
function errorOf(a: number, b: number, unit: number): number {
  if (a === b) return 0
  const error = Math.abs(a - b) / (unit + Math.max(Math.abs(a), Math.abs(b)))
  return Number.isNaN(error) ? Infinity : error
}
