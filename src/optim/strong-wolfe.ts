/**
 * A line search for a step length t along a direction of descent that satisfies the strong Wolfe conditions
 * f(t) <= f(0) + c₁ t f'(0) and |f'(t)| <= c₂ |f'(0)| (Nocedal and Wright, Numerical Optimization, algorithms 3.5 and
 * 3.6; PyTorch's version of Schmidt's minFunc): first a bracket is found, then it is narrowed by cubic interpolation.
 */
import type { TypedArray } from '../ops/value.ts'

/** The objective at step length t: its value, its gradient and its slope along the direction. */
export interface Point {
  readonly t: number
  readonly loss: number
  readonly grad: TypedArray
  readonly slope: number
}

export interface Search {
  evaluate(t: number): Point
  /** The point with t = 0. */
  readonly origin: Point
  /** The first step length to be tried. */
  readonly t: number
  /** The largest element of the direction: a bracket is too small where no parameter differs by `tolerance` within it. */
  readonly size: number
  readonly tolerance: number
}

const SUFFICIENT = 1e-4
const CURVATURE = 0.9
const MOST_STEPS = 25

interface Bracket {
  readonly ends: readonly [Point, Point]
  readonly steps: number
  readonly done: boolean
}

/** The point found, and how often the objective was evaluated. */
export function strongWolfe(search: Search): { point: Point; evaluations: number } {
  const bracket = findBracket(search)
  const { point, steps } = bracket.done ? { point: bracket.ends[1], steps: bracket.steps } : zoom(search, bracket)
  return { point, evaluations: steps + 1 }
}

/** Where the loss has risen, also to NaN: the step was too long. */
const tooHigh = (p: Point, origin: Point): boolean => !(p.loss <= origin.loss + SUFFICIENT * p.t * origin.slope)
const isFlat = (p: Point, origin: Point): boolean => Math.abs(p.slope) <= -CURVATURE * origin.slope

function findBracket({ evaluate, origin, t }: Search): Bracket {
  let before = origin
  let p = evaluate(t)
  let steps = 0
  for (; steps < MOST_STEPS; steps++) {
    if (tooHigh(p, origin) || (steps > 1 && p.loss >= before.loss)) return { ends: [before, p], steps, done: false }
    if (isFlat(p, origin)) return { ends: [before, p], steps, done: true }
    if (p.slope >= 0) return { ends: [before, p], steps, done: false }
    const next = interpolate(before, p, p.t + 0.01 * (p.t - before.t), p.t * 10)
    before = p
    p = evaluate(next)
  }
  return { ends: [origin, p], steps, done: false }
}

function zoom({ evaluate, origin, size, tolerance }: Search, bracket: Bracket): { point: Point; steps: number } {
  const ends: [Point, Point] = [...bracket.ends]
  let steps = bracket.steps
  let low: 0 | 1 = ends[0].loss <= ends[1].loss ? 0 : 1
  let stalled = false
  for (let done = false; !done && steps < MOST_STEPS; steps++) {
    if (Math.abs(ends[1].t - ends[0].t) * size < tolerance) break
    const guess = interpolate(...ends, Math.min(ends[0].t, ends[1].t), Math.max(ends[0].t, ends[1].t))
    const inside = keepInside(guess, ends, stalled)
    stalled = inside.stalled
    const p = evaluate(inside.t)
    const high = low === 0 ? 1 : 0
    if (tooHigh(p, origin) || p.loss >= ends[low].loss) {
      ends[high] = p
      low = ends[0].loss <= ends[1].loss ? 0 : 1
      continue
    }
    if (isFlat(p, origin)) done = true
    else if (p.slope * (ends[high].t - ends[low].t) >= 0) ends[high] = ends[low]
    ends[low] = p
  }
  return { point: ends[low], steps }
}

/** Moves a guess that keeps falling next to an end of the bracket to a tenth of its length from there. */
function keepInside(t: number, [a, b]: readonly [Point, Point], stalled: boolean): { t: number; stalled: boolean } {
  const left = Math.min(a.t, b.t)
  const right = Math.max(a.t, b.t)
  const margin = 0.1 * (right - left)
  if (Math.min(right - t, t - left) >= margin) return { t, stalled: false }
  if (!stalled && t < right && t > left) return { t, stalled: true }
  return { t: Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin, stalled: false }
}

/** The minimum, within bounds, of the cubic through two points with their slopes; the middle where it has none. */
function interpolate(p: Point, q: Point, least: number, most: number): number {
  const [a, b] = p.t <= q.t ? [p, q] : [q, p]
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t)
  const d2 = Math.sqrt(d1 * d1 - a.slope * b.slope)
  const t = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
  return Number.isNaN(t) ? (least + most) / 2 : Math.min(Math.max(t, least), most)
}
