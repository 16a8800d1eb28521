/** What tells series apart: a colour, a dash and a marker, each enough on its own. */
import { short } from '../svg/markup.ts'
import type { Colour } from '../theme.ts'

export interface Style {
  readonly colour: Colour
  readonly dash?: string
  /** The path of a marker around a point. */
  readonly marker: (x: number, y: number) => string
}

const COLOURS: readonly Colour[] = ['series1', 'series2', 'series3', 'series4', 'series5', 'series6']
const DASHES = [undefined, '8 4', '2 3', '10 3 2 3', '5 2', '12 4']
const MARKERS: readonly Style['marker'][] = [
  (x, y) => `M${short(x - 3)} ${short(y)}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z`,
  (x, y) => `M${short(x - 3)} ${short(y - 3)}h6v6h-6z`,
  (x, y) => `M${short(x)} ${short(y - 4)}l4 7h-8z`,
  (x, y) => `M${short(x)} ${short(y - 4)}l4 4l-4 4l-4 -4z`,
  (x, y) => `M${short(x)} ${short(y + 4)}l4 -7h-8z`,
  (x, y) => `M${short(x - 1.2)} ${short(y - 4)}h2.4v2.8h2.8v2.4h-2.8v2.8h-2.4v-2.8h-2.8v-2.4h2.8z`,
]

/** From the seventh series on dashes and markers shift against the colours, so that the first 36 all differ. */
export function styleOf(series: number): Style {
  const shifted = series + Math.floor(series / COLOURS.length)
  return {
    colour: COLOURS[series % COLOURS.length],
    dash: DASHES[shifted % DASHES.length],
    marker: MARKERS[shifted % MARKERS.length],
  }
}
