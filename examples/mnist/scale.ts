/** Axes: where a value falls between two ends, and the round numbers to write beside it. */

export interface Scale {
  /** The share of the way from the low end to the high end, within 0 to 1. */
  place(value: number): number
  readonly ticks: readonly number[]
}

const clamp = (share: number): number => Math.min(Math.max(share, 0), 1)

/** Multiples of 1, 2 or 5 times a power of ten from `low` to `high`, about `count` of them. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count
  if (!(rough > 0 && Number.isFinite(rough))) return [low]
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999) ?? rough
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  // rounded to the digits of the step: 0.3, not 0.30000000000000004
  const digits = Math.min(Math.max(0, -Math.floor(Math.log10(step))), 100)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toFixed(digits)))
}

export function linear(low: number, high: number, count: number): Scale {
  const span = high - low
  return { place: (value) => clamp((value - low) / span), ticks: roundTicks(low, high, count) }
}

/** As `linear`, at round places only between 0 and the number of things counted. */
export function counting(high: number, count: number): Scale {
  const { place, ticks } = linear(0, high, count)
  return { place, ticks: ticks.filter(Number.isInteger) }
}

/** Decades, with 2 and 5 between them where there are few, or every so many where there are many. */
export function logarithmic(low: number, high: number, count: number): Scale {
  const [from, to] = [Math.log10(low), Math.log10(high)]
  const decades = Math.ceil(to) - Math.floor(from)
  const every = Math.ceil(decades / (count + 2))
  const factors = decades <= count / 2 ? [1, 2, 5] : [1]
  const exponents = Array.from({ length: decades + 1 }, (_, i) => Math.floor(from) + i).filter((e) => e % every === 0)
  const ticks = exponents.flatMap((e) => factors.map((f) => Number(`${f}e${e}`)))
  return {
    place: (value) => clamp((Math.log10(value) - from) / (to - from)),
    ticks: ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001),
  }
}
