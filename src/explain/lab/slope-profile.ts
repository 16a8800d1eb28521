/** What an activation does to a gradient that passes through it, when pre-activations are standard normal: exactly. */
import { ArgumentError } from '../../errors/index.ts'
import { shortNumber } from '../render/number.ts'
import type { Resolved } from './activation.ts'
import { normalMeans } from './normal.ts'

/** Of |f'(z)| for z ~ N(0, 1). */
export interface SlopeProfile {
  readonly mean: number
  /** exp E[log |f'(z)|]: by this a typical product shrinks per factor, and it is 0 where slopes of 0 have a probability. */
  readonly geometricMean: number
  /** The largest for |z| <= 10, and where it is: at the edge, larger ones may lie beyond. */
  readonly largest: number
  readonly largestAt: number
  /** The probability that it is exactly 0. */
  readonly zero: number
  /** The probability that it is exactly 1. */
  readonly one: number
}

const EDGE = 10

/** @throws ArgumentError where a slope or the mean of them is not finite. */
export function slopeProfile(caller: string, { label, slopes }: Resolved): SlopeProfile {
  const magnitudes = (z: Float64Array) => slopes(z).map(Math.abs)
  const [mean, log, zero, one] = normalMeans((z) => {
    const size = magnitudes(z)
    const bad = size.findIndex((v) => !Number.isFinite(v))
    if (bad >= 0)
      throw new ArgumentError(
        `${caller}: the slope of ${label} is ${size[bad]} at z = ${shortNumber(z[bad])}; an activation has one everywhere`,
      )
    return [
      size,
      size.map((v) => (v === 0 ? 0 : Math.log(v))),
      size.map((v) => Number(v === 0)),
      size.map((v) => Number(v === 1)),
    ]
  })
  if (Number.isNaN(mean))
    throw new ArgumentError(`${caller}: the mean slope of ${label} under a normal distribution does not converge`)
  return {
    mean,
    // Beyond |z| = 10 or so slopes may round to 0.
    geometricMean: zero > 1e-15 ? 0 : Math.exp(log),
    ...steepest(magnitudes),
    zero: zero > 1e-15 ? zero : 0,
    one: one > 1e-15 ? one : 0,
  }
}

/** The best point of a grid around 0, then of ever finer grids around that; of equals the one nearest to 0. */
function steepest(magnitudes: (z: Float64Array) => Float64Array): { largest: number; largestAt: number } {
  let [largestAt, largest, step] = [0, magnitudes(Float64Array.of(0))[0], 1 / 64]
  for (let count = 64 * EDGE; step > 1e-9; count = 8, step /= 8) {
    const centre = largestAt
    const within = (x: number) => Math.min(EDGE, Math.max(-EDGE, x))
    const z = Float64Array.from({ length: 2 * count + 1 }, (_, i) => within(centre + (i - count) * step))
    for (const [i, size] of magnitudes(z).entries()) {
      const closer = size === largest && Math.abs(z[i]) < Math.abs(largestAt)
      if (size > largest || closer) [largest, largestAt] = [size, z[i]]
    }
  }
  return { largest, largestAt }
}
