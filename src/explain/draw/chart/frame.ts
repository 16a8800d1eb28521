/** What all charts have: a title, a legend, threshold bands, and axes with a grid. */
import { shortNumber } from '../../render/number.ts'
import { element, textAt } from '../svg/markup.ts'
import { sansWidth, shortened } from '../text.ts'
import type { Paint, Theme } from '../theme.ts'
import { heightIn, type Lost, type Plot, stripHeight, TEXT } from './plot.ts'
import type { Scale } from './scale.ts'

export interface ChartOptions {
  /** `auto`, which follows the reader's system, unless given. */
  readonly theme?: Theme
  /** In pixels; 720 by 420 unless given. */
  readonly width?: number
  readonly height?: number
}

/** A range of values that means something, as in `vanishing, below 1e-6`; an end that is not given is open. */
export interface Band {
  readonly label: string
  readonly from?: number
  readonly to?: number
  readonly tone: 'good' | 'warning' | 'bad'
}

export interface LegendEntry {
  readonly name: string
  readonly sample: (x: number, y: number) => string
}

const TITLE = 15
const MARGIN = 16
const LEGEND_ROW = 20
const LINE = 13
/** For the name of the values, and for a number above the highest of them. */
const AXIS_NAME = 36
/** The width of a sample in the legend. */
export const SAMPLE = 30

export interface Room {
  readonly width: number
  readonly height: number
  readonly scale: Scale
  readonly legend: readonly LegendEntry[]
  readonly lost: Lost
  readonly bands?: readonly Band[]
  /** For what stands below the plot, and at least before it. */
  readonly below: number
  readonly before: number
}

/** The plot that leaves room for everything around it. */
export function plotFor({ width, height, scale, legend, lost, bands = [], below, before }: Room): Plot {
  const labels = [...scale.ticks.map(({ label }) => label), stripName(lost.above), stripName(lost.below)]
  const widest = labels.reduce((most, label) => Math.max(most, sansWidth(label, TEXT)), 0)
  const rows = legendRows(legend, width).length
  const left = MARGIN + Math.max(widest + 8, before)
  const top = MARGIN + TITLE + 10 + rows * LEGEND_ROW + AXIS_NAME + stripHeight(lost.above)
  const bottom = height - MARGIN - below - stripHeight(lost.below)
  const right = width - MARGIN - Math.max(10, bandsWidth(bands, scale))
  return { left, top, right: Math.max(right, left + 40), bottom: Math.max(bottom, top + 40), lost }
}

const stripName = ({ names }: Lost['above']): string => names.join(', ')

export interface Frame {
  readonly title: string
  readonly width: number
  readonly plot: Plot
  readonly scale: Scale
  /** Of the values. */
  readonly label: string
  readonly bands: readonly Band[]
  readonly legend: readonly LegendEntry[]
}

/** Everything but the axis below, around the data. */
export function frame(
  { title, width, plot, scale, label, bands, legend }: Frame,
  data: readonly string[],
  paint: Paint,
): string[] {
  const columns = Math.floor((width - 2 * MARGIN) / sansWidth('0', TITLE))
  const heading = { size: TITLE, fill: paint('ink'), bold: true }
  const entries = legendRows(legend, width).flatMap((row, r) =>
    row.map(({ entry, x }) => {
      const y = MARGIN + TITLE + 16 + r * LEGEND_ROW
      const text = textAt(x + SAMPLE + 6, y + 4, shortName(entry), { size: TEXT, fill: paint('ink') })
      return entry.sample(x, y) + text
    }),
  )
  return [
    textAt(MARGIN, MARGIN + TITLE - 3, shortened(title, columns), heading),
    ...entries,
    textAt(MARGIN, plot.top - stripHeight(plot.lost.above) - AXIS_NAME + 14, label, {
      size: TEXT,
      fill: paint('muted'),
    }),
    ...bands.map((band) => tint(band, plot, scale, paint)),
    ...valueAxis(plot, scale, paint),
    ...(data.length > 0 ? data : [emptyNote(plot, paint)]),
    ...bands.map((band) => bandName(band, plot, scale, paint)),
  ]
}

const shortName = ({ name }: LegendEntry): string => shortened(name, 40)

function legendRows(legend: readonly LegendEntry[], width: number): { entry: LegendEntry; x: number }[][] {
  const rows: { entry: LegendEntry; x: number }[][] = []
  let x = Infinity
  for (const entry of legend) {
    const needed = SAMPLE + 6 + sansWidth(shortName(entry), TEXT)
    if (x + needed > width - MARGIN) {
      rows.push([])
      x = MARGIN
    }
    rows[rows.length - 1].push({ entry, x })
    x += needed + 18
  }
  return rows
}

function valueAxis(plot: Plot, { ticks, floor }: Scale, paint: Paint): string[] {
  const { left, right, top, bottom } = plot
  const lines = ticks.map(({ at, label }) => {
    const y = heightIn(plot, at)
    const grid = element('line', { x1: left, y1: y, x2: right, y2: y, stroke: paint(at === 0 ? 'outline' : 'rule') })
    return grid + textAt(left - 8, y + 4, label, { size: TEXT, fill: paint('muted'), anchor: 'end' })
  })
  const broken = floor > 0 ? [axisBreak(left, heightIn(plot, floor / 2), paint)] : []
  const axis = element('line', { x1: left, y1: top, x2: left, y2: bottom, stroke: paint('outline') })
  return [...lines, axis, ...broken, ...stripNames(plot, paint)]
}

/** Beside the strips for what has no place on the axis. */
function stripNames({ left, top, bottom, lost }: Plot, paint: Paint): string[] {
  const style = { size: TEXT, fill: paint('bad'), anchor: 'end' } as const
  const at = (y: number, strip: Lost['above']) =>
    strip.rows.size > 0 ? [textAt(left - 8, y + 4, stripName(strip), style)] : []
  return [
    ...at(top - stripHeight(lost.above) / 2, lost.above),
    ...at(bottom + stripHeight(lost.below) / 2 + 2, lost.below),
  ]
}

/** Two strokes across the axis: between the floor and the logarithms nothing is to scale. */
function axisBreak(x: number, y: number, paint: Paint): string {
  const hole = element('rect', { x: x - 4, y: y - 3, width: 8, height: 6, fill: paint('background') })
  const d = `M${x - 5} ${y - 1}l10 -4M${x - 5} ${y + 5}l10 -4`
  return hole + element('path', { d, stroke: paint('outline'), fill: 'none' })
}

const emptyNote = ({ left, right, top, bottom }: Plot, paint: Paint): string =>
  textAt((left + right) / 2, (top + bottom) / 2, 'no values', { size: 13, fill: paint('muted'), anchor: 'middle' })

/** The part of a band that the axis reaches, as shares of it. */
function shareOf({ from, to }: Band, scale: Scale) {
  const low = from === undefined ? 0 : scale.at(from)
  const high = to === undefined ? 1 : scale.at(to)
  return high > 0 && low < 1 && high > low ? { low, high } : undefined
}

/** The same in pixels, and at which of its ends there is a threshold. */
function reached(band: Band, plot: Plot, scale: Scale) {
  const part = shareOf(band, scale)
  if (!part) return undefined
  const { low, high } = part
  const [top, bottom] = [heightIn(plot, Math.min(high, 1)), heightIn(plot, Math.max(low, 0))]
  return { top, bottom, thresholds: [...(low > 0 ? [bottom] : []), ...(high < 1 ? [top] : [])] }
}

/** A tinted strip with a dashed line at each threshold; nothing where the axis does not reach. */
function tint(band: Band, plot: Plot, scale: Scale, paint: Paint): string {
  const part = reached(band, plot, scale)
  if (!part) return ''
  const { left, right } = plot
  const colour = paint(band.tone)
  const strip = { x: left, y: part.top, width: right - left, height: part.bottom - part.top }
  return [
    element('rect', { ...strip, fill: colour, 'fill-opacity': 0.1 }),
    ...part.thresholds.map((y) =>
      element('line', { x1: left, y1: y, x2: right, y2: y, stroke: colour, 'stroke-dasharray': '4 3' }),
    ),
  ].join('')
}

/** Between the plot and the names of its bands. */
const BAND_GAP = 6

/** The name of a band, and below it where it begins. */
const bandLines = ({ label, from, to }: Band): string[] => [
  label,
  ...(to === undefined ? [] : [`< ${threshold(to)}`]),
  ...(from === undefined ? [] : [`> ${threshold(from)}`]),
]

/** Two digits: what vanishes is known no better. */
const threshold = (value: number): string => shortNumber(Number(value.toPrecision(2)))

/** What the names of the bands that the axis reaches need beside the plot. */
export const bandsWidth = (bands: readonly Band[], scale: Scale): number =>
  bands
    .filter((band) => shareOf(band, scale))
    .flatMap(bandLines)
    .reduce((most, line) => Math.max(most, BAND_GAP + sansWidth(line, TEXT)), 0)

/** Beside the band, where no data are: at its threshold, within the height of the plot. */
function bandName(band: Band, plot: Plot, scale: Scale, paint: Paint): string {
  const part = reached(band, plot, scale)
  if (!part) return ''
  const lines = bandLines(band)
  const last = (lines.length - 1) * LINE
  const wanted = band.from === undefined ? part.top + LINE : part.bottom - last - 4
  const y = Math.max(plot.top + LINE - 3, Math.min(wanted, plot.bottom - last))
  const text = { size: TEXT, fill: paint(band.tone) }
  return lines.map((line, i) => textAt(plot.right + BAND_GAP, y + i * LINE, line, text)).join('')
}

/** A numeric axis below the plot. Labels that would touch the one before are left out. */
export function acrossAxis(label: string, plot: Plot, { ticks }: Scale, paint: Paint): string[] {
  const { left, right } = plot
  const bottom = plot.bottom + stripHeight(plot.lost.below)
  const axis = element('line', { x1: left, y1: bottom, x2: right, y2: bottom, stroke: paint('outline') })
  let free = Number.NEGATIVE_INFINITY
  const marks = ticks.map((tick) => {
    const x = left + tick.at * (right - left)
    const mark = element('line', { x1: x, y1: bottom, x2: x, y2: bottom + 5, stroke: paint('outline') })
    const half = sansWidth(tick.label, TEXT) / 2
    if (x - half < free) return mark
    free = x + half + 8
    return mark + textAt(x, bottom + 18, tick.label, { size: TEXT, fill: paint('muted'), anchor: 'middle' })
  })
  const name = { size: TEXT, fill: paint('muted'), anchor: 'middle' } as const
  return [axis, ...marks, textAt((left + right) / 2, bottom + 38, label, name)]
}

/** A tinted strip over a range of x, with a dashed line where it ends inside of the plot; its name where there is room. */
export function drawnSpan({ label, from, to, tone }: Band, plot: Plot, across: Scale, paint: Paint): string {
  const low = from === undefined ? 0 : Math.max(across.at(from), 0)
  const high = to === undefined ? 1 : Math.min(across.at(to), 1)
  if (!(high > low)) return ''
  const { left, right, top, bottom } = plot
  const place = (at: number) => left + at * (right - left)
  const width = place(high) - place(low)
  const text = { size: TEXT, fill: paint(tone), anchor: 'middle', halo: paint('background') } as const
  return [
    element('rect', { x: place(low), y: top, width, height: bottom - top, fill: paint(tone), opacity: 0.1 }),
    ...[low, high]
      .filter((at) => at > 0 && at < 1)
      .map((at) =>
        element('line', {
          x1: place(at),
          y1: top,
          x2: place(at),
          y2: bottom,
          stroke: paint(tone),
          'stroke-dasharray': '4 3',
        }),
      ),
    sansWidth(label, TEXT) + 8 > width ? '' : textAt(place((low + high) / 2), top + 13, label, text),
  ].join('')
}
