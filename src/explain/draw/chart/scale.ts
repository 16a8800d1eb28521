/**
 * From numbers to places on an axis, with ticks at round numbers. A logarithmic axis has no place for zero: where there
 * are zeros they stand on a floor below it. Values that have no place at all belong to one of the edges.
 */
import { shortNumber } from '../../render/number.ts'

export interface Tick {
  /** From 0, the start of the axis, to 1, its end. */
  readonly at: number
  readonly label: string
}

export interface Scale {
  readonly ticks: readonly Tick[]
  /** From 0 to 1; NaN where a value has no place. */
  readonly at: (value: number) => number
  /** Where the logarithmic part starts: above 0 if there is a floor for zeros. */
  readonly floor: number
}

export type ScaleKind = 'linear' | 'log'

const FLOOR = 0.09
/** Powers of ten between two ticks. */
const STRIDES = [1, 2, 3, 5, 10, 20, 50, 100]

export interface ScaleOptions {
  /** About how many ticks there should be. */
  readonly ticks?: number
  /** Ends at the values themselves, not at the next tick. */
  readonly isTight?: boolean
}

/** An axis for the values, of which some may be NaN or infinite. */
export const scaleOf = (kind: ScaleKind, values: readonly number[], options: ScaleOptions = {}): Scale =>
  kind === 'log' ? logScale(values, options) : linearScale(values, options)

function linearScale(values: readonly number[], { ticks: count = 6, isTight = false }: ScaleOptions): Scale {
  const [least, most] = rangeOf(values.filter(Number.isFinite), isTight)
  // halves, because the difference of two finite numbers may be infinite
  const step = roundStep((most / 2 - least / 2) / (count / 2), isTight && values.every(Number.isInteger))
  const low = isTight ? least : finite(Math.floor(least / step + 1e-9) * step)
  const high = isTight ? most : finite(Math.ceil(most / step - 1e-9) * step)
  const at = (value: number) => (Number.isFinite(value) ? (value / 2 - low / 2) / (high / 2 - low / 2) : Number.NaN)
  const ticks: Tick[] = []
  const first = finite(Math.ceil(low / step - 1e-9) * step)
  for (let i = 0; i <= 2 * count + 1; i++) {
    const value = first + i * step
    if (value > high + step * 1e-9 || value === Infinity) break
    ticks.push({ at: at(value), label: roundLabel(value, step) })
  }
  return { ticks: isTight ? withEnds(ticks, low, high, step / (high - low)) : ticks, at, floor: 0 }
}

const finite = (x: number): number => Math.max(-Number.MAX_VALUE, Math.min(x, Number.MAX_VALUE))

/** The ends of an axis that starts and ends between ticks, where there is room for them; `stride` is that of the ticks. */
function withEnds(ticks: readonly Tick[], low: number, high: number, stride: number): Tick[] {
  const isFree = (at: number) => ticks.every((tick) => Math.abs(tick.at - at) > stride * 0.6)
  return [
    ...(isFree(0) ? [{ at: 0, label: shortNumber(low) }] : []),
    ...ticks,
    ...(isFree(1) ? [{ at: 1, label: shortNumber(high) }] : []),
  ]
}

/**
 * The ends of the values; those that come near zero start there. What is a single value, or differs in digits that a
 * double hardly has, gets some room.
 */
function rangeOf(values: readonly number[], isTight: boolean): [number, number] {
  const least = values.reduce((a, b) => Math.min(a, b), Infinity)
  const most = values.reduce((a, b) => Math.max(a, b), -Infinity)
  const size = Math.max(Math.abs(least), Math.abs(most))
  if (values.length === 0 || (size < 1e-300 && !isTight)) return [0, 1]
  if (most / size - least / size < 1e-12 || size === 0) {
    const room = isTight ? Math.max(1, size * 1e-9) : size / 2
    return [finite(least - room), finite(most + room)]
  }
  if (isTight) return [least, most]
  if (least > 0 && least < (most - least) / 2) return [0, most]
  return most < 0 && -most < (most - least) / 2 ? [least, 0] : [least, most]
}

/** The next of 1, 2 and 5 times a power of ten. */
function roundStep(step: number, whole: boolean): number {
  if (whole && step < 1) return 1
  const power = 10 ** Math.floor(Math.log10(step))
  const factor = [1, 2, 5, 10].find((f) => f * power >= step * (1 - 1e-9)) ?? 10
  return factor * power
}

/** With as many decimals as the step has, so that ticks beside each other never read the same. */
function roundLabel(value: number, step: number): string {
  if (Math.abs(value) < step / 2) return '0'
  const size = Math.abs(value)
  const digits = Math.max(0, Math.floor(Math.log10(size)) - Math.floor(Math.log10(step)))
  const exact = Number(value.toPrecision(Math.min(digits + 1, 17)))
  if (size >= 1e5 || size < 1e-4) return exact.toExponential().replace('e+', 'e')
  return exact.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))
}

function logScale(values: readonly number[], { ticks: count = 8 }: ScaleOptions): Scale {
  const exponents = values.filter((value) => value > 0 && value < Infinity).map(Math.log10)
  const floor = values.includes(0) ? FLOOR : 0
  const least = Math.floor(exponents.reduce((a, b) => Math.min(a, b), Infinity) + 1e-12)
  const most = Math.ceil(exponents.reduce((a, b) => Math.max(a, b), -Infinity) - 1e-12)
  const [start, end] = exponents.length === 0 ? [0, 1] : [least, Math.max(most, least + 1)]
  const stride = STRIDES.find((each) => each >= (end - start) / count) ?? STRIDES[STRIDES.length - 1]
  const place = (exponent: number) => floor + ((exponent - start) / (end - start)) * (1 - floor)
  const at = (value: number) => {
    if (value === 0) return floor > 0 ? 0 : Number.NaN
    return value > 0 && value < Infinity ? place(Math.log10(value)) : Number.NaN
  }
  const ticks: Tick[] = floor > 0 ? [{ at: 0, label: '0' }] : []
  for (let exponent = Math.ceil(start / stride) * stride; exponent <= end; exponent += stride) {
    ticks.push({ at: place(exponent), label: scientific(1, exponent) })
    if (end - start > 2 || exponent === end) continue
    for (const factor of [2, 5])
      ticks.push({ at: place(exponent + Math.log10(factor)), label: scientific(factor, exponent) })
  }
  return { ticks, at, floor }
}

const scientific = (factor: number, exponent: number): string =>
  Math.abs(exponent) > 3 ? `${factor}e${exponent}` : String(Number((factor * 10 ** exponent).toPrecision(1)))
