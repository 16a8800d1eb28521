/**
 * The rectangle in which values are drawn, and the strips above and below it for those that have no place on the scale:
 * NaN and ∞ above, -∞ below, and below a logarithmic axis negative values too.
 */
import { shortNumber } from '../../render/number.ts'
import { element, short } from '../svg/markup.ts'
import type { Colour, Paint } from '../theme.ts'
import type { Scale, ScaleKind } from './scale.ts'

export interface Plot {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  readonly lost: Lost
}

export interface ValueAxis {
  readonly label: string
  /** `linear` unless given. On a `log` axis zeros stand on a floor of their own. */
  readonly scale?: ScaleKind
}

/** The size of all texts but the title. */
export const TEXT = 11

/** From a place on the scale to pixels; NaN stays NaN. */
export const heightIn = ({ top, bottom }: Plot, at: number): number => bottom - at * (bottom - top)

type Edge = 'above' | 'below'

/** A strip: what is in it, and the row of each series that has something there. */
interface Strip {
  readonly names: readonly string[]
  readonly rows: ReadonlyMap<number, number>
}

export type Lost = Readonly<Record<Edge, Strip>>

export const edgeOf = (value: number): Edge => (value < 0 ? 'below' : 'above')

/** The values of each series that have no place on the scale. */
export function lostIn(series: readonly (readonly number[])[], scale: Scale): Lost {
  const strip = (edge: Edge): Strip => {
    const names = new Set<string>()
    const rows = new Map<number, number>()
    series.forEach((values, i) => {
      for (const value of values) {
        if (!Number.isNaN(scale.at(value)) || edgeOf(value) !== edge) continue
        names.add(Number.isFinite(value) ? 'below 0' : shortNumber(value))
        if (!rows.has(i)) rows.set(i, rows.size)
      }
    })
    return { names: [...names].sort(), rows }
  }
  return { above: strip('above'), below: strip('below') }
}

const ROW = 11
export const stripHeight = ({ rows }: Strip): number => (rows.size > 0 ? rows.size * ROW + 14 : 0)

/** A cross in the strip where the value belongs. */
export function cross(x: number, value: number, series: number, colour: Colour, plot: Plot, paint: Paint): string {
  const edge = edgeOf(value)
  const inset = 13 + plot.lost[edge].rows.get(series)! * ROW
  const y = edge === 'above' ? plot.top - inset : plot.bottom + inset
  const d = `M${short(x - 4)} ${short(y - 4)}l8 8m0 -8l-8 8`
  return element('path', { d, stroke: paint(colour), 'stroke-width': 2, fill: 'none' })
}
