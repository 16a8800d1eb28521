/**
 * Numbers as Python and numpy print them, so that each program's output can be laid beside its article's. The digits
 * are JavaScript's own; what differs is when an exponent is used and how it is written. An exact half is rounded away
 * from zero, where Python takes the even digit.
 */
import type { NestedArray, Tensor } from 'chainrule'

/** Python's `{x:.4f}`. @example fixed(1.5, 4) // 1.5000 */
export const fixed = (x: number | Tensor, decimals: number): string => numberOf(x).toFixed(decimals)

/** Python's `{x:.2e}`. @example scientific(0.00123, 2) // 1.23e-03 */
export const scientific = (x: number | Tensor, decimals: number): string =>
  longExponent(numberOf(x).toExponential(decimals))

/** Python's `{x}`: the shortest text that reads back as the same float. @example float(2) // 2.0 */
export function float(x: number | Tensor): string {
  const value = numberOf(x)
  const short = value.toExponential()
  const exponent = Number(short.split('e')[1])
  if (exponent < -4 || exponent >= 16) return longExponent(short)
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** Python's `{n:,}`. @example grouped(750500) // 750,500 */
export const grouped = (n: number): string => n.toLocaleString('en-US')

/**
 * A vector or matrix as numpy prints it: as many decimals as needed, up to 8, the points below one another.
 * @param decimals fewer than 8, for numpy's `round(decimals)`.
 * @example array(tensor([1, 0.25])) // [1.   0.25]
 */
export function array(x: Tensor, decimals = 8): string {
  const words = Array.from(x.data, (value) => value.toFixed(decimals).replace(/0+$/, '').split('.'))
  const width = (part: 0 | 1): number => Math.max(...words.map((word) => word[part].length))
  const padded = words.map(([whole, fraction]) => `${whole.padStart(width(0))}.${fraction.padEnd(width(1))}`)
  let next = 0
  const nest = (rows: NestedArray, indent: string): string => {
    if (!Array.isArray(rows)) return padded[next++]
    const separator = Array.isArray(rows[0]) ? `\n${indent} ` : ' '
    return `[${rows.map((row) => nest(row, `${indent} `)).join(separator)}]`
  }
  return nest(x.toArray(), '')
}

/** Python's exponents have at least two digits. */
const longExponent = (text: string): string => text.replace(/([+-])(\d)$/, '$10$2')

const numberOf = (x: number | Tensor): number => (typeof x === 'number' ? x : x.item())
