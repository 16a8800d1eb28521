/** Numbers on screen: short for reading, full for copying. */

const DIGITS = 4
/** The least power of ten that is not scientific, and the same as a number. */
const SMALL = -4
const PLAIN = 1e-4
/** From here on all digits before the point are shown, up to where numbers become scientific, less what rounds to it. */
const WHOLE = 1e4
const LARGE = 1e5 - 0.5

/**
 * Four significant digits without trailing zeros, and never fewer than the integer part has; scientific from 1e5 on and
 * below 1e-4: 0.1609, 2.5, 12346, -1.2e-7. A bigint is a count: all its digits count.
 */
export function shortNumber(x: number | bigint): string {
  if (typeof x === 'bigint') return String(x)
  if (x === 0) return '0'
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x < 0 ? '-∞' : '∞'
  const size = Math.abs(x)
  if (size >= WHOLE && size < LARGE) return x.toFixed(0)
  if (size >= PLAIN && size < WHOLE) return String(Number(x.toPrecision(DIGITS)))
  const [, mantissa, exponent] = /^(.*?)\.?0*e\+?(.*)$/.exec(x.toExponential(DIGITS - 1))!
  const scientific = `${mantissa}e${exponent}`
  return size >= LARGE || Number(exponent) < SMALL ? scientific : String(Number(scientific))
}

/**
 * How many numbers are not finite, in words; nothing where all are.
 * @example tellNonFinite([1, NaN, NaN]) // '2 NaN'
 */
export function tellNonFinite(numbers: Iterable<number>): string {
  const counts = new Map<number, number>()
  for (const x of numbers) if (!Number.isFinite(x)) counts.set(x, (counts.get(x) ?? 0) + 1)
  return [...counts].map(([x, count]) => `${count} ${shortNumber(x)}`).join(', ')
}

/** The shortest decimal that reads back as the same number, for copying and for tooltips; -0 keeps its sign. */
export function fullNumber(x: number | bigint): string {
  return Object.is(x, -0) ? '-0' : String(x)
}
