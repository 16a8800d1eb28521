/**
 * Numbers of a trace as they stand in the graph. A text takes no more room than was set aside for its shape, so that other
 * numbers never move a node.
 */
import { fullNumber, type TraceNumber, type TraceTensor } from 'chainrule/explain'
import { nonFiniteIn, showNumber } from '../ui/show-number.ts'
import { ROOM, shapeText, sizeOf } from './shapes.ts'

/** Up to so many elements are shown one by one, where they fit. */
const FEW = 4

/** What was written as a string, because JSON has no word for it, is a number again. */
export const parsed = (x: TraceNumber): number => Number(x)

export const isSingle = ({ shape }: TraceTensor): boolean => sizeOf(shape) === 1

/** An element; null where the trace holds only a summary. */
export const elementOf = (x: TraceTensor | null | undefined, index: number): number | null => {
  const found = x?.data?.[index]
  return found === undefined ? null : parsed(found)
}

/** `0.33`, `[0.33, 0.13]`, or the range of the elements and how many of them are no numbers: `-0.69 to 1.8, 2 NaN`. */
export function brief(x: TraceTensor): string {
  if (x.data === null) return ranged(parsed(x.summary!.min), parsed(x.summary!.max), nonFiniteIn(x))
  const numbers = x.data.map(parsed)
  if (numbers.length === 0) return 'empty'
  if (numbers.length === 1) return showNumber(numbers[0])
  const list = `[${numbers.map(showNumber).join(', ')}]`
  if (numbers.length <= FEW && list.length <= ROOM.many) return list
  const finite = numbers.filter(Number.isFinite)
  const low = finite.reduce((a, b) => Math.min(a, b), Infinity)
  const high = finite.reduce((a, b) => Math.max(a, b), -Infinity)
  return ranged(low, high, shortened(nonFiniteIn(x), numbers.length - finite.length))
}

/** Several kinds of what is not finite are told together where there is no room for each. */
const shortened = (others: string, count: number): string =>
  others.length + RANGE <= ROOM.many ? others : `${count} NaN or ∞`

/** Columns of a short range. */
const RANGE = 8
/** A range is told in fewer digits where what stands behind it needs the room. */
const DIGITS = [4, 3, 2]

/** @param others what among the elements is not finite, and not in the range. */
function ranged(low: number, high: number, others: string): string {
  // No finite element: there is no range.
  if (!(low <= high)) return others
  const tail = others && `, ${others}`
  for (const digits of others ? DIGITS : DIGITS.slice(0, 1)) {
    const [from, to] = [low, high].map((x) => showNumber(Number(x.toPrecision(digits))))
    const text = (low < high ? `${from} to ${to}` : others ? from : `all ${from}`) + tail
    if (text.length <= ROOM.many) return text
  }
  const bound = Math.max(Math.abs(low), Math.abs(high))
  const text = `|x| ≤ ${showNumber(others ? Number(bound.toPrecision(2)) : bound)}${tail}`
  return text.length <= ROOM.many || !others ? text : others
}

/** So many elements are written out. */
const LISTED = 64

/** The whole of it, for tooltips and for copying. */
export function full(x: TraceTensor): string {
  if (x.data === null) return `${shapeText(x.shape)}, ${brief(x)}`
  if (isSingle(x)) return fullNumber(parsed(x.data[0]))
  const listed = x.data.slice(0, LISTED).map((n) => fullNumber(parsed(n)))
  if (x.data.length <= LISTED) return `[${listed}]`
  return `[${listed}, …]${isBad(x) ? `, ${nonFiniteIn(x)}` : ''}`
}

/** Whether there is a NaN or an infinity in it. */
export const isBad = (x: TraceTensor | null | undefined): boolean =>
  !!x && (x.data ? x.data.some((n) => typeof n === 'string') : parsed(x.summary!.nonFinite) > 0)

/** How large the finite elements are together, as a Euclidean norm; 0 for nothing. Widths are made of it. */
export function magnitude(x: TraceTensor | null | undefined): number {
  if (!x) return 0
  if (x.data === null) return parsed(x.summary!.norm) || 0
  return x.data.reduce<number>((size, n) => (typeof n === 'number' ? Math.hypot(size, n) : size), 0)
}

/** The Euclidean norm to be read or compared, which NaN and infinities are part of. */
export function normOf(x: TraceTensor): number {
  if (!isBad(x)) return magnitude(x)
  return x.data && !x.data.includes('NaN') ? Infinity : NaN
}

/** The place of the largest number; NaN counts as larger than any. */
export function largest(x: TraceTensor | null | undefined): number {
  let best = 0
  const data = x?.data ?? []
  for (let i = 1; i < data.length; i++)
    if (!Number.isNaN(parsed(data[best])) && !(Math.abs(parsed(data[i])) <= Math.abs(parsed(data[best])))) best = i
  return best
}
