/** Results as plain data: JSON has no NaN, no infinities and no large integers, so that these become strings. */

export type Plain = number | string | boolean | null | readonly Plain[] | PlainObject

export interface PlainObject {
  readonly [key: string]: Plain
}

/** A copy of an object of results, with undefined entries left out. */
export const toPlain = (value: object): PlainObject => plain(value) as PlainObject

function plain(value: unknown): Plain {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return value.map(plain)
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]))
}
