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

/** Exponential smoothing over about `span` values, not drawn to the first; what is not finite is passed over. */
export function smoothed(values: ArrayLike<number>, span: number): Float64Array {
  const keep = Math.exp(-1 / span)
  const out = new Float64Array(values.length)
  let mean = 0
  let weight = 0
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) {
      weight = keep * weight + 1
      // not mean + (value - mean) / weight, which overflows between 1e308 and -1e308
      mean = mean * (1 - 1 / weight) + values[i] / weight
    }
    out[i] = mean
  }
  return out
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
