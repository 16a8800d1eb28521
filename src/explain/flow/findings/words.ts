/** How findings write lists, shares and places. */
import type { Frame } from '../../../tensor/index.ts'
import { shortNumber } from '../../render/number.ts'

/** So many names are written out. */
const MANY = 4

/** `a`, `a and b`, `a, b and 5 more`. */
export function listed(names: readonly string[]): string {
  const shown = names.length > MANY ? [...names.slice(0, MANY - 1), `${names.length - MANY + 1} more`] : names
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`
}

/** `Layer 0 receives`, `Layers 0 and 2 receive`. */
export const layersReceive = (keys: readonly string[]): string =>
  keys.length === 1 ? `Layer ${keys[0]} receives` : `Layers ${listed(keys)} receive`

/** `97 %`; never 0 % or 100 % of what is not that. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %'
  if (share < 1 && share > 0.99) return '> 99 %'
  return `${Math.round(share * 100)} %`
}

/** Two significant digits: what a finding compares is known no better. */
export const about = (x: number): string => shortNumber(Number(x.toPrecision(2)))

/** `1.2e-9 to 3e-5`, or one number where they are the same. */
export const range = (low: number, high: number): string =>
  about(low) === about(high) ? about(low) : `${about(low)} to ${about(high)}`

/** ` at model.ts:12`, or nothing where the place is not known. */
export const atLine = (source: Frame | undefined): string =>
  source ? ` at ${source.file.split(/[\\/]/).at(-1)}:${source.line}` : ''

export const placeOf = (source: Frame | undefined): string | undefined =>
  source && `${source.file}:${source.line}:${source.column}`
