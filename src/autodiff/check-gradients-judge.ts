/**
 * Is a derivative right? It is compared with a difference quotient; where they disagree, or where the slopes to the
 * left and to the right do, smaller steps tell whether the function bends (the slopes approach each other), has a kink
 * (they do not) or has one close by (they agree once the step no longer reaches it). A derivative is called wrong only
 * where two step sizes agree on another one: by how much they differ is what curvature and rounding may account for.
 */
import type { Tensor } from '../tensor/index.ts'
import type { Precision, Program, Sample } from './check-gradients-program.ts'

export type Difference = 'central' | 'forward' | 'backward'

export interface Verdict {
  readonly is: 'right' | 'wrong' | 'kink'
  readonly numeric: number
  readonly tolerance: number
}

/** What the results are like, before anything is moved. */
export interface Frame {
  readonly base: Float64Array
  /** Per result, the size of the numbers whose rounding it shows: its own and its terms Σ |∂y / ∂x · x|. */
  readonly sizes: Float64Array
  /** Per result, its largest derivative by the input in question. */
  readonly scales: Float64Array
  /** The largest of all derivatives by that input, whose rounding may be all there is to one that cancels. */
  readonly largest: number
}

interface Estimate {
  readonly level: number
  readonly numeric: number
  /** How far the next smaller step is from it. */
  readonly change: number
}

/** Each level takes a step an eighth of the one before. */
const SHRINK = 8
const LEVELS = 17
/** Makes levels positive: -1 and -2 take larger steps. */
const OFFSET = 3
/** From this level on, slopes that differ and no longer change are those of a kink. */
const SETTLED = 4

/** One element of an input, with the function's results around it, evaluated when asked for. */
export class Neighbourhood {
  readonly program: Program
  readonly precision: Precision
  readonly difference: Difference
  readonly x: Tensor
  readonly place: number
  readonly frame: Frame
  readonly step: number
  readonly samples = new Map<number, Sample | null>()

  constructor(program: Program, x: Tensor, place: number, frame: Frame, precision: Precision, difference: Difference) {
    this.program = program
    this.precision = precision
    this.difference = difference
    this.x = x
    this.place = place
    this.frame = frame
    this.step = precision.eps * Math.max(1, Math.abs(x.buffer[place]))
  }

  /** The results a step of this level away; null where it fails on the side not asked for or beyond the first step. */
  sample(level: number, side: 1 | -1): Sample | null {
    const key = side * (level + OFFSET)
    if (!this.samples.has(key)) this.samples.set(key, this.evaluate((side * this.step) / SHRINK ** level, side))
    return this.samples.get(key)!
  }

  evaluate(step: number, side: 1 | -1): Sample | null {
    const isOther = this.difference !== 'central' && (side === 1) !== (this.difference === 'forward')
    const optional = isOther || Math.abs(step) > this.step
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
    return there ? quotient(there.values[j], this.frame.base[j], there.moved[0]) : Number.NaN
  }

  slopes(j: number, level: number): [left: number, right: number] {
    return [this.slope(j, level, -1), this.slope(j, level, 1)]
  }

  central(j: number, level: number): number {
    const [right, left] = [this.sample(level, 1), this.sample(level, -1)]
    return right && left ? quotient(right.values[j], left.values[j], right.moved[0] - left.moved[0]) : Number.NaN
  }

  /** How far rounding alone may put a difference quotient off. */
  noise(j: number, level: number): number {
    const { ulp, tiny } = this.precision
    let size = Math.abs(this.frame.base[j])
    for (const side of [1, -1]) {
      const value = Math.abs(this.samples.get(side * (level + OFFSET))?.values[j] ?? 0)
      if (Number.isFinite(value)) size = Math.max(size, value)
    }
    if (!Number.isFinite(size)) return 0
    return (ulp * (2 * size + this.frame.sizes[j] + tiny) * SHRINK ** level) / this.step
  }

  /** What is asked of a derivative of about these sizes, rounding aside. */
  allowed(j: number, ...numeric: number[]): number {
    const { tolerance, ulp } = this.precision
    return within(tolerance, this.frame.scales[j], numeric) + (tolerance.ofScale && 16 * ulp * this.frame.largest)
  }

  tolerance(j: number, level: number, ...numeric: number[]): number {
    return this.allowed(j, ...numeric) + this.noise(j, level)
  }

  /** By how much the slopes to both sides differ, rounding aside. */
  jump(j: number, level: number): number {
    const [left, right] = this.slopes(j, level)
    return left === right ? 0 : Math.max(0, Math.abs(right - left) - 2 * this.noise(j, level))
  }

  /** Whether the slopes to both sides are the same at this level. */
  isEven(j: number, level: number): boolean {
    return this.jump(j, level) <= within(this.precision.jump, this.frame.scales[j], this.slopes(j, level))
  }

  /** Whether they are, or approach each other as fast as the step shrinks. */
  isSmooth(j: number, level: number): boolean {
    return this.isEven(j, level) || (level > 0 && this.jump(j, level) <= (this.jump(j, level - 1) * 2) / SHRINK)
  }

  judge(j: number, analytic: number): Verdict {
    const isCentral = this.difference === 'central'
    const numeric = isCentral ? this.central(j, 0) : this.slope(j, 0, this.difference === 'forward' ? 1 : -1)
    const tolerance = this.tolerance(j, 0, numeric)
    const fits = near(analytic, numeric, tolerance) && (!isCentral || this.isEven(j, 0))
    if (fits) return { is: 'right', numeric, tolerance }
    const verdict = this.lookCloser(j, analytic)
    if (verdict.is === 'kink' && this.isDust(j, analytic)) return { is: 'right', numeric, tolerance }
    return (verdict.is === 'wrong' && this.fitsWider(j, analytic)) || verdict
  }

  /**
   * What numbers leave that cancel, as in a derivative that is 0 on the whole, has slopes of nothing but rounding: next
   * to nothing, and the larger the smaller the step, which those of a kink are not.
   */
  isDust(j: number, analytic: number): boolean {
    const dust = 2 ** 12 * this.noise(j, 0) + (16 * this.hidden) / this.step
    const [size, ...smaller] = [0, 1, 2, 3, 4].map((level) => Math.max(...this.slopes(j, level).map(Math.abs)))
    return size <= dust && near(analytic, 0, dust) && smaller.some((next) => next > (size * SHRINK) / 2)
  }

  /** How coarse a result is that larger numbers cancel to on the way. */
  get hidden(): number {
    return this.precision.ulp * this.frame.largest * Math.max(1, Math.abs(this.x.buffer[this.place]))
  }

  lookCloser(j: number, analytic: number): Verdict {
    let last = 0
    for (let level = 0; level < LEVELS; level++) {
      if (level > 1 && this.isRounding(j, level)) break
      last = level
      if (this.isSmooth(j, level)) {
        const verdict = this.compare(j, level, analytic)
        if (verdict) return verdict
      } else if (level >= SETTLED && this.isSettled(j, level)) break
    }
    const [left, right] = this.slopes(j, last)
    if (Number.isNaN(left) || Number.isNaN(right))
      return this.atBoundary(j, last, analytic, Number.isNaN(left) ? 1 : -1)
    const best = this.best(j, last, (level) => (this.isSmooth(j, level) ? this.central(j, level) : Number.NaN))
    return this.isFound(j, best) ? this.decide(j, analytic, best) : this.atKink(j, last, analytic)
  }

  /** Whether this step tells less than the ones before: rounding must not decide unless they told nothing. */
  isRounding(j: number, level: number): boolean {
    const noise = this.noise(j, level)
    if (noise <= this.allowed(j, ...this.slopes(j, 0), ...this.slopes(j, level))) return false
    const change = Math.abs(this.central(j, level - 1) - this.central(j, level - 2))
    return !(noise < Math.max(change, this.jump(j, level - 1)) / SHRINK)
  }

  /** Right where the derivative fits, wrong where this step and the next agree on another one; otherwise undecided. */
  compare(j: number, level: number, analytic: number): Verdict | undefined {
    const [numeric, next] = [this.central(j, level), this.central(j, level + 1)]
    // At an extremum only the slopes to both sides say how large what cancels is.
    const cancelled = this.precision.tolerance.ofScale * Math.max(...this.slopes(j, level).map(Math.abs))
    const tolerance = this.tolerance(j, level, numeric) + cancelled
    if (near(analytic, numeric, tolerance)) return { is: 'right', numeric, tolerance }
    const rounding = this.noise(j, level) + this.noise(j, level + 1)
    const change = Math.abs(next - numeric)
    // Slopes that still change with the step are on their way elsewhere: at a jump, to infinity.
    if (!(change <= Math.max((this.precision.tolerance.relative / 4) * Math.abs(next), rounding))) return undefined
    if (near(analytic, numeric, tolerance + 2 * change)) return undefined
    if (near(analytic, next, this.allowed(j, next) + this.noise(j, level + 1) / 2)) return undefined
    const jump = this.jump(j, level + 1)
    // The slopes at a slight kink differ too little to be uneven, yet smaller steps do not bring them together.
    if (jump > (this.jump(j, level) * 2) / SHRINK) {
      const verdict = this.atKink(j, level + 1, analytic)
      return verdict.is === 'kink' ? verdict : undefined
    }
    return { is: 'wrong', numeric, tolerance }
  }

  /**
   * Larger numbers that cancel on the way to a result leave it coarser than it looks, log(p) at p = 1 for one. Where that
   * would explain the difference, the derivative may fit larger steps.
   */
  fitsWider(j: number, analytic: number): Verdict | undefined {
    const { hidden } = this
    if (!near(analytic, this.central(j, 0), (16 * hidden) / this.step)) return undefined
    for (const wider of [0, -1, -2]) {
      const numeric = this.central(j, wider)
      const tolerance = this.tolerance(j, wider, numeric) + (hidden * SHRINK ** wider) / this.step
      if (near(analytic, numeric, tolerance)) return { is: 'right', numeric, tolerance }
    }
    return undefined
  }

  /** The estimate that the next smaller step changes least, rounding included. */
  best(j: number, last: number, estimate: (level: number) => number): Estimate {
    let best: Estimate = { level: last, numeric: estimate(last), change: Number.POSITIVE_INFINITY }
    for (let level = 0; level < last; level++) {
      const numeric = estimate(level)
      const change = Math.abs(estimate(level + 1) - numeric)
      if (change + this.noise(j, level) < best.change + this.noise(j, best.level)) best = { level, numeric, change }
    }
    return best
  }

  /** Whether smaller steps lead anywhere. */
  isFound(j: number, { level, numeric, change }: Estimate): boolean {
    return change <= Math.abs(numeric) / 16 + this.noise(j, level + 1)
  }

  decide(j: number, analytic: number, { level, numeric, change }: Estimate): Verdict {
    const tolerance = this.tolerance(j, level, numeric) + 2 * change + this.noise(j, level + 1)
    return { is: near(analytic, numeric, tolerance) ? 'right' : 'wrong', numeric, tolerance }
  }

  isSettled(j: number, level: number): boolean {
    return ([-1, 1] as const).every((side) => {
      const [before, now] = [this.slope(j, level - 1, side), this.slope(j, level, side)]
      return near(before, now, this.precision.tolerance.relative * Math.abs(now) + 2 * this.noise(j, level))
    })
  }

  atKink(j: number, level: number, analytic: number): Verdict {
    const [left, right] = [this.limit(j, level, -1), this.limit(j, level, 1)]
    const changes = ([-1, 1] as const).map((side) =>
      Math.abs(this.slope(j, level, side) - this.slope(j, level - 1, side)),
    )
    // Between kinks the function may bend: what the slopes still change by is open.
    const open = level > 0 ? Math.max(...changes.filter(Number.isFinite), 0) / 2 : 0
    const tolerance = this.tolerance(j, level, ...this.slopes(j, level)) + open
    // A step or a vertical tangent has no slope at all: 0 is what flat pieces have.
    const bounds = left === right ? [left, 0] : [left, right]
    const between = analytic >= Math.min(...bounds) - tolerance && analytic <= Math.max(...bounds) + tolerance
    return { is: between ? 'kink' : 'wrong', numeric: this.central(j, level), tolerance }
  }

  /** The function is defined on one side only, which has a slope or none. */
  atBoundary(j: number, level: number, analytic: number, side: 1 | -1): Verdict {
    const best = this.best(j, level, (at) => this.slope(j, at, side))
    const { numeric } = best
    const tolerance = this.tolerance(j, best.level, numeric)
    if (Number.isNaN(numeric) || Number.isNaN(analytic)) return { is: 'wrong', numeric, tolerance }
    return this.isFound(j, best) ? this.decide(j, analytic, best) : { is: 'kink', numeric, tolerance }
  }

  /** Where the slope to one side leads to: infinity if it keeps growing. */
  limit(j: number, level: number, side: 1 | -1): number {
    const [far, close] = [this.slope(j, 0, side), this.slope(j, level, side)]
    return Math.abs(close) > 1.5 * Math.abs(far) + this.tolerance(j, level, far)
      ? Math.sign(close) * Number.POSITIVE_INFINITY
      : close
  }
}

/** A part of the largest of the sizes, and something for what cancels: a number, or a part of the scale. */
export interface Tolerance {
  readonly relative: number
  readonly absolute: number
  readonly ofScale: number
}

export function within({ relative, absolute, ofScale }: Tolerance, scale: number, numeric: readonly number[]): number {
  const size = Math.max(0, ...numeric.map(Math.abs).filter(Number.isFinite))
  return absolute + relative * size + ofScale * Math.max(scale, size)
}

/** Results that are the same infinity do not differ. */
const quotient = (a: number, b: number, step: number): number => (a === b ? 0 : (a - b) / step)

export const near = (a: number, b: number, tolerance: number): boolean => a === b || Math.abs(a - b) <= tolerance
