/**
 * Is a derivative right? It is compared with a difference quotient; where they disagree, or where the slopes to the
 * left and to the right do, smaller steps tell whether the function bends (the slopes approach each other), has a kink
 * (they do not) or has one close by (they agree once the step no longer reaches it).
 */
import type { Tensor } from '../tensor/index.ts'
import type { Precision, Program, Sample } from './check-gradients-program.ts'

export type Difference = 'central' | 'forward' | 'backward'

export interface Verdict {
  readonly is: 'right' | 'wrong' | 'kink'
  readonly numeric: number
  readonly tolerance: number
}

/** Each level takes a step an eighth of the one before. */
const SHRINK = 8
const LEVELS = 5

/** One element of an input, with the function's results around it, evaluated when asked for. */
export class Neighbourhood {
  readonly program: Program
  readonly precision: Precision
  readonly difference: Difference
  readonly x: Tensor
  readonly place: number
  readonly base: Float64Array
  readonly step: number
  readonly samples = new Map<number, Sample | null>()

  constructor(
    program: Program,
    x: Tensor,
    place: number,
    base: Float64Array,
    precision: Precision,
    difference: Difference,
  ) {
    this.program = program
    this.precision = precision
    this.difference = difference
    this.x = x
    this.place = place
    this.base = base
    this.step = Math.max(precision.eps, Math.abs(x.buffer[place]) * precision.resolution)
  }

  /** The results a step of this level away; null where the function cannot be evaluated on the side not asked for. */
  sample(level: number, side: 1 | -1): Sample | null {
    const key = side * (level + 1)
    if (!this.samples.has(key)) this.samples.set(key, this.evaluate((side * this.step) / SHRINK ** level, side))
    return this.samples.get(key)!
  }

  evaluate(step: number, side: 1 | -1): Sample | null {
    const optional = this.difference !== 'central' && (side === 1) !== (this.difference === 'forward')
    try {
      return this.program.moved(this.x, [this.place], [1], step)
    } catch (error) {
      if (optional) return null
      throw error
    }
  }

  /** The slope of result j to one side. */
  slope(j: number, level: number, side: 1 | -1): number {
    const there = this.sample(level, side)
    return there ? quotient(there.values[j], this.base[j], there.moved[0]) : Number.NaN
  }

  central(j: number, level: number): number {
    const [right, left] = [this.sample(level, 1), this.sample(level, -1)]
    return right && left ? quotient(right.values[j], left.values[j], right.moved[0] - left.moved[0]) : Number.NaN
  }

  /** How far rounding alone may put a difference quotient off. */
  noise(j: number, level: number): number {
    let size = Math.abs(this.base[j])
    for (const side of [1, -1]) {
      const value = Math.abs(this.samples.get(side * (level + 1))?.values[j] ?? 0)
      if (Number.isFinite(value)) size = Math.max(size, value)
    }
    return Number.isFinite(size) ? (4 * this.precision.ulp * size * SHRINK ** level) / this.step : 0
  }

  tolerance(j: number, level: number, ...numeric: number[]): number {
    const { atol, rtol } = this.precision
    return within(atol, rtol, numeric) + this.noise(j, level)
  }

  /** Whether the slopes to both sides are the same at this level. */
  isEven(j: number, level: number): boolean {
    const slopes = [this.slope(j, level, -1), this.slope(j, level, 1)]
    return near(slopes[0], slopes[1], within(...this.precision.jump, slopes) + this.noise(j, level))
  }

  judge(j: number, analytic: number): Verdict {
    if (this.difference !== 'central') {
      const numeric = this.slope(j, 0, this.difference === 'forward' ? 1 : -1)
      const tolerance = this.tolerance(j, 0, numeric)
      return near(analytic, numeric, tolerance) ? { is: 'right', numeric, tolerance } : this.lookCloser(j, analytic)
    }
    const numeric = this.central(j, 0)
    const tolerance = this.tolerance(j, 0, numeric)
    if (this.isEven(j, 0) && near(analytic, numeric, tolerance)) return { is: 'right', numeric, tolerance }
    return this.lookCloser(j, analytic)
  }

  lookCloser(j: number, analytic: number): Verdict {
    let last = 0
    for (let level = 0; level < LEVELS; level++) {
      // Beyond the second step size, rounding must not decide.
      const tolerance = this.tolerance(j, level, this.slope(j, level, -1), this.slope(j, level, 1))
      if (level > 1 && this.noise(j, level) > tolerance / 2) break
      last = level
      if (!this.isEven(j, level)) continue
      // Slopes that agree and still change with the step are on their way elsewhere: at a jump, to infinity.
      const verdict = this.compare(j, level, analytic, this.central(j, level))
      if (verdict.is === 'right' || near(verdict.numeric, this.central(j, level + 1), verdict.tolerance)) return verdict
    }
    const [left, right] = [this.slope(j, last, -1), this.slope(j, last, 1)]
    if (Number.isNaN(left) || Number.isNaN(right))
      return this.atBoundary(j, last, analytic, Number.isNaN(left) ? 1 : -1)
    const jump = Math.abs(right - left)
    const before = Math.abs(this.slope(j, 0, 1) - this.slope(j, 0, -1))
    if (jump < before / 2) return this.compare(j, last, analytic, this.central(j, last))
    return this.atKink(j, last, analytic)
  }

  atKink(j: number, level: number, analytic: number): Verdict {
    const [left, right] = [this.limit(j, level, -1), this.limit(j, level, 1)]
    const tolerance = this.tolerance(j, level, this.slope(j, level, -1), this.slope(j, level, 1))
    // A step or a vertical tangent has no slope at all: 0 is what flat pieces have.
    const bounds = left === right ? [left, 0] : [left, right]
    const between = analytic >= Math.min(...bounds) - tolerance && analytic <= Math.max(...bounds) + tolerance
    return { is: between ? 'kink' : 'wrong', numeric: this.central(j, level), tolerance }
  }

  compare(j: number, level: number, analytic: number, numeric: number): Verdict {
    const tolerance = this.tolerance(j, level, numeric)
    return { is: near(analytic, numeric, tolerance) ? 'right' : 'wrong', numeric, tolerance }
  }

  /** The function is defined on one side only, which has a slope or none. */
  atBoundary(j: number, level: number, analytic: number, side: 1 | -1): Verdict {
    const numeric = this.slope(j, level, side)
    const tolerance = this.tolerance(j, level, numeric)
    if (Number.isNaN(numeric) || Number.isNaN(analytic)) return { is: 'wrong', numeric, tolerance }
    if (near(numeric, this.slope(j, level - 1, side), tolerance)) return this.compare(j, level, analytic, numeric)
    return { is: 'kink', numeric, tolerance }
  }

  /** Where the slope to one side leads to: infinity if it keeps growing. */
  limit(j: number, level: number, side: 1 | -1): number {
    const [far, close] = [this.slope(j, 0, side), this.slope(j, level, side)]
    return Math.abs(close) > 1.5 * Math.abs(far) + this.tolerance(j, level, far)
      ? Math.sign(close) * Number.POSITIVE_INFINITY
      : close
  }
}

const within = (atol: number, rtol: number, sizes: readonly number[]): number =>
  atol + rtol * Math.max(0, ...sizes.map(Math.abs).filter(Number.isFinite))

/** Results that are the same infinity do not differ. */
const quotient = (a: number, b: number, step: number): number => (a === b ? 0 : (a - b) / step)

export const near = (a: number, b: number, tolerance: number): boolean => a === b || Math.abs(a - b) <= tolerance
