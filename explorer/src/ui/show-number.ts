/** Numbers as the page writes them: the library's four digits to read, and all of them to copy. */
import { fullNumber, shortNumber, type TraceNumber, type TraceTensor, tellNonFinite } from 'chainrule/explain'

/** What may stand where a number is shown; null and undefined are numbers that are not known (yet). */
export type Shown = TraceNumber | bigint | null | undefined

const numeric = (value: TraceNumber | bigint): number | bigint => (typeof value === 'bigint' ? value : Number(value))

/** 0.1609, -1.2e-7, 0, ∞, and — for what is not known: a gradient that has not come is not 0. */
export const showNumber = (value: Shown): string =>
  value === null || value === undefined ? '—' : shortNumber(numeric(value))

/** The shortest decimal that reads back as the same number; empty for what is not known. */
export const copyNumber = (value: Shown): string =>
  value === null || value === undefined ? '' : fullNumber(numeric(value))

/** Neither NaN nor infinite; what is not known counts as finite. */
export const isFiniteShown = (value: Shown): boolean =>
  value === null || value === undefined || typeof value === 'bigint' || Number.isFinite(Number(value))

/** How many of its elements are NaN or infinite, as in `2 NaN`; nothing where all are finite. */
export function nonFiniteIn({ data, summary }: TraceTensor): string {
  if (data) return tellNonFinite(data.filter((x) => typeof x === 'string').map(Number))
  return Number(summary?.nonFinite ?? 0) > 0 ? `${summary!.nonFinite} NaN or ∞` : ''
}
