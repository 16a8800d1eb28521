/**
 * A long series reduced to as many columns as a drawing has: what was lowest and highest in each, the smoothed value
 * at its end, and what was no number. Peaks survive, as they would not if every thousandth value were drawn.
 */

export interface Column {
  /** First and last step, counted from 1. */
  readonly from: number
  readonly to: number
  /** Among the finite values; null where there are none. */
  readonly range: Range | null
  readonly smooth: number
  /** How many were NaN, Infinity, -Infinity. */
  readonly odd: Odd
}

export interface Range {
  readonly low: number
  readonly high: number
  /** Whether the lowest came before the highest. */
  readonly rises: boolean
}

export interface Odd {
  readonly nan: number
  readonly up: number
  readonly down: number
}

export const countOdd = ({ nan, up, down }: Odd): number => nan + up + down

/** Sums over the values on one side of a place, with weights that fall by `keep` from one to the next. */
class Side {
  #weight = 0
  #distance = 0
  #square = 0
  #value = 0
  #moment = 0

  /** Takes the value at the place in (NaN: none) and goes one place on. */
  advance(value: number, keep: number): void {
    if (!Number.isNaN(value)) {
      this.#weight += 1
      this.#value += value
    }
    this.#square = keep * (this.#square + 2 * this.#distance + this.#weight)
    this.#distance = keep * (this.#distance + this.#weight)
    this.#moment = keep * (this.#moment + this.#value)
    this.#weight *= keep
    this.#value *= keep
  }

  /** Σw, Σwd, Σwd², Σwy, Σwdy; d is the distance from the place. */
  get sums(): readonly [number, number, number, number, number] {
    return [this.#weight, this.#distance, this.#square, this.#value, this.#moment]
  }
}

/**
 * The value at each place of the straight line that fits the values around it best, with weights that fall over about
 * `span` / 2 values to both sides: it neither lags behind a slope nor bends at the ends. Lines are fitted to logarithms
 * where all values are positive. What is not finite has no weight, and the value of the place before.
 */
export function smoothed(values: ArrayLike<number>, span: number): Float64Array {
  const finite = Array.from(values).filter(Number.isFinite)
  const [low, high] = [
    finite.reduce((a, b) => Math.min(a, b), Infinity),
    finite.reduce((a, b) => Math.max(a, b), -Infinity),
  ]
  const isLog = low > 0
  // of the largest size 1, so that no sum overflows
  const unit = Math.max(Math.abs(low), Math.abs(high)) || 1
  const ys = Array.from(values, (x) => (!Number.isFinite(x) ? Number.NaN : isLog ? Math.log(x) : x / unit))
  const after = sidesAfter(ys, Math.exp(-2 / span))
  const before = new Side()
  const out = new Float64Array(ys.length)
  for (let i = 0; i < ys.length; i++) {
    if (Number.isNaN(ys[i])) out[i] = i > 0 ? out[i - 1] : 0
    else {
      const y = fitted(before.sums, after[i], ys[i])
      out[i] = Math.min(Math.max(isLog ? Math.exp(y) : y * unit, low), high)
    }
    before.advance(ys[i], Math.exp(-2 / span))
  }
  return out
}

/** For each place the sums over what follows it. */
function sidesAfter(ys: readonly number[], keep: number): Side['sums'][] {
  const side = new Side()
  const out = new Array<Side['sums']>(ys.length)
  for (let i = ys.length - 1; i >= 0; i--) {
    out[i] = side.sums
    side.advance(ys[i], keep)
  }
  return out
}

/** At distance 0 the line a + b d of least squares: a = (Σwd² Σwy - Σwd Σwdy) / (Σw Σwd² - (Σwd)²). */
function fitted(before: Side['sums'], after: Side['sums'], y: number): number {
  const [weight, value] = [before[0] + after[0] + 1, before[3] + after[3] + y]
  const [distance, square, moment] = [after[1] - before[1], after[2] + before[2], after[4] - before[4]]
  const determinant = weight * square - distance * distance
  // two places fix a line, one does not
  return determinant > 1e-9 * weight * square ? (square * value - distance * moment) / determinant : value / weight
}

/** At most `count` columns of neighbours. */
export function columns(values: ArrayLike<number>, smooth: Float64Array, count: number): Column[] {
  const total = Math.min(count, values.length)
  return Array.from({ length: total }, (_, k) => {
    const start = Math.floor((k * values.length) / total)
    return column(values, smooth, start, Math.floor(((k + 1) * values.length) / total))
  })
}

function column(values: ArrayLike<number>, smooth: Float64Array, start: number, end: number): Column {
  const odd = { nan: 0, up: 0, down: 0 }
  let lowest = -1
  let highest = -1
  for (let i = start; i < end; i++) {
    const value = values[i]
    if (Number.isNaN(value)) odd.nan++
    else if (value === Infinity) odd.up++
    else if (value === -Infinity) odd.down++
    else {
      if (lowest < 0 || value < values[lowest]) lowest = i
      if (highest < 0 || value > values[highest]) highest = i
    }
  }
  const range = lowest < 0 ? null : { low: values[lowest], high: values[highest], rises: lowest <= highest }
  return { from: start + 1, to: end, range, smooth: smooth[end - 1], odd }
}
