/**
 * Numbers of a trace as they stand in the graph. A text takes no more room than was set aside for its shape, so that other
 * numbers never move a node.
 */
import { fullNumber, type TraceNumber, type TraceTensor } from 'chainrule/explain'
import { showNumber } from '../ui/show-number.ts'
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

/** `0.33`, `[0.33, 0.13]`, or the range of the elements. */
export function brief(x: TraceTensor): string {
  if (x.data === null) return range(parsed(x.summary!.min), parsed(x.summary!.max))
  const numbers = x.data.map(parsed)
  if (numbers.length === 0) return 'empty'
  if (numbers.length === 1) return showNumber(numbers[0])
  const list = `[${numbers.map(showNumber).join(', ')}]`
  if (numbers.length <= FEW && list.length <= ROOM.many) return list
  const finite = numbers.filter(Number.isFinite)
  if (finite.length === 0) return showNumber(numbers[0])
  return range(
    finite.reduce((a, b) => Math.min(a, b)),
    finite.reduce((a, b) => Math.max(a, b)),
  )
}

function range(low: number, high: number): string {
  const text = low === high ? `all ${showNumber(low)}` : `${showNumber(low)} to ${showNumber(high)}`
  return text.length <= ROOM.many ? text : `|x| ≤ ${showNumber(Math.max(Math.abs(low), Math.abs(high)))}`
}

/** The whole of it, for tooltips and for copying. */
export const full = (x: TraceTensor): string =>
  x.data === null
    ? `${shapeText(x.shape)}, ${brief(x)}`
    : isSingle(x)
      ? fullNumber(parsed(x.data[0]))
      : `[${x.data.slice(0, 64).map((n) => fullNumber(parsed(n)))}${x.data.length > 64 ? ', …' : ''}]`

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
