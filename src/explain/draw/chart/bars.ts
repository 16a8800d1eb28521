/** Bars per name: a gradient norm per layer, with the range of its elements as a whisker. */
import { checkOptions } from '../../../errors/index.ts'
import { shortNumber } from '../../render/number.ts'
import { element, escaped, short, svgDocument, textAt } from '../svg/markup.ts'
import { sansWidth, shortened } from '../text.ts'
import { type Paint, paintOf } from '../theme.ts'
import { type Band, bandsWidth, type ChartOptions, frame, plotFor } from './frame.ts'
import { cross, edgeOf, heightIn, lostIn, type Plot, stripHeight, TEXT, type ValueAxis } from './plot.ts'
import { type Scale, scaleOf } from './scale.ts'

export interface Bar {
  readonly label: string
  /** May be NaN or infinite. */
  readonly value: number
  /** The ends of the whisker. */
  readonly min?: number
  readonly max?: number
}

export interface BarChart {
  readonly title: string
  readonly x: { readonly label: string }
  readonly y: ValueAxis
  readonly bars: readonly Bar[]
  readonly bands?: readonly Band[]
}

const LABEL_COLUMNS = 18
const SLANT = 40
const SLANT_SINE = Math.sin((SLANT * Math.PI) / 180)

/**
 * A bar chart as a standalone SVG. Bars start at zero; on a `log` axis, which has none, at its lower end. For NaN and ∞
 * there is a cross in a strip above, for -∞ below, where a `log` axis has its negative values too.
 * @throws ArgumentError where the theme does not exist.
 * @example barChart({ title: 'Norms', x: { label: 'layer' }, y: { label: 'norm' }, bars: [{ label: '0', value: 2 }] }).includes('norm per layer, 1 bars. 0: 2.') // true
 */
export function barChart(chart: BarChart, options: ChartOptions = {}): string {
  checkOptions('barChart', options, ['theme', 'width', 'height'])
  const { theme = 'auto', width = 720, height = 420 } = options
  const { title, x, y, bars, bands = [] } = chart
  const paint = paintOf(theme)
  const values = bars.flatMap(({ value, min = value, max = value }) => [value, min, max])
  const isLog = y.scale === 'log'
  const scale = scaleOf(y.scale ?? 'linear', isLog ? values : [0, ...values])
  const slot = (width - 80 - bandsWidth(bands, scale)) / Math.max(bars.length, 1)
  const labels = labelsOf(bars, slot)
  const lost = lostIn([bars.map(({ value }) => value)], scale)
  const before = labels.isSlanted ? labels.widest * SLANT_SINE - slot / 2 : 0
  const plot = plotFor({ width, height, scale, legend: [], lost, bands, below: labels.height + 24, before })
  const sheet = { width, height, title, description: describe(chart), theme }
  const slots = (plot.right - plot.left) / Math.max(bars.length, 1)
  const isNumbered = bars.every(({ value }) => sansWidth(shortNumber(value), TEXT) <= slots - 4)
  const drawn = bars.map((bar, i) => drawnBar(bar, (i + 0.5) * slots, slots, { plot, scale, isLog, isNumbered }, paint))
  return svgDocument(sheet, paint, [
    ...frame({ title, width, plot, scale, label: y.label, bands, legend: [] }, drawn, paint),
    ...nameAxis(x.label, labels, plot, bars.length, paint),
  ])
}

interface Labels {
  readonly texts: readonly string[]
  readonly widest: number
  readonly isSlanted: boolean
  readonly height: number
  /** Every how manieth name is shown. */
  readonly stride: number
}

/** Names are slanted where they would touch, and left out where even the slanted ones would. */
function labelsOf(bars: readonly Bar[], slot: number): Labels {
  const texts = bars.map(({ label }) => shortened(label, LABEL_COLUMNS))
  const widest = texts.reduce((most, text) => Math.max(most, sansWidth(text, TEXT)), 0)
  const isSlanted = widest + 6 > slot
  const height = isSlanted ? widest * SLANT_SINE + 18 : 20
  return { texts, widest, isSlanted, height, stride: isSlanted ? Math.ceil((TEXT + 5) / slot) : 1 }
}

interface Space {
  readonly plot: Plot
  readonly scale: Scale
  readonly isLog: boolean
  /** Whether each bar has room for its number. */
  readonly isNumbered: boolean
}

function drawnBar(bar: Bar, middle: number, slot: number, space: Space, paint: Paint): string {
  const { label, value, min, max } = bar
  const { plot, scale, isLog, isNumbered } = space
  const x = plot.left + middle
  const width = Math.max(1, Math.min(slot * 0.7, 56))
  const base = heightIn(plot, isLog ? 0 : scale.at(0))
  const y = heightIn(plot, scale.at(value))
  const range =
    min === undefined && max === undefined ? '' : `, from ${shortNumber(min ?? value)} to ${shortNumber(max ?? value)}`
  const about = element('title', {}, escaped(`${label}: ${shortNumber(value)}${range}`))
  const line = whisker(bar, x, Math.min(width / 2, 6), space, paint)
  if (Number.isNaN(y)) return element('g', {}, about, cross(x, value, 0, 'bad', plot, paint), line)
  const height = Math.max(Math.abs(base - y), 1.5)
  const rectangle = { x: x - width / 2, y: value < 0 ? base : base - height, width, height }
  const fill = { fill: paint(value < 0 ? 'negative' : 'positive'), 'fill-opacity': 0.75 }
  const number = isNumbered ? valueText(bar, x, space, paint) : ''
  return element('g', {}, about, element('rect', { ...rectangle, ...fill }), line, number)
}

/** From least to greatest; an end that has no place is the edge on its side. */
function whisker(
  { value, min = value, max = value }: Bar,
  x: number,
  half: number,
  space: Space,
  paint: Paint,
): string {
  if (min === max || Number.isNaN(min) || Number.isNaN(max)) return ''
  const { plot, scale } = space
  const place = (end: number) => {
    const at = scale.at(end)
    return heightIn(plot, Number.isNaN(at) ? (edgeOf(end) === 'above' ? 1 : 0) : at)
  }
  const [low, high] = [short(place(min)), short(place(max))]
  const d = `M${short(x)} ${low}V${high}M${short(x - half)} ${high}h${short(2 * half)}M${short(x - half)} ${low}h${short(2 * half)}`
  return element('path', { d, stroke: paint('ink'), 'stroke-width': 1.5, fill: 'none' })
}

/** Beyond the bar and its whisker, on the side to which the bar goes. */
function valueText({ value, min = value, max = value }: Bar, x: number, { plot, scale }: Space, paint: Paint): string {
  const end = value < 0 ? Math.min(value, min) : Math.max(value, max)
  const at = scale.at(Number.isFinite(end) ? end : value)
  const y = heightIn(plot, at) + (value < 0 ? 14 : -6)
  const style = { size: TEXT, fill: paint('ink'), anchor: 'middle', halo: paint('background') } as const
  return textAt(x, y, shortNumber(value), style)
}

function nameAxis(label: string, labels: Labels, plot: Plot, count: number, paint: Paint): string[] {
  const { left, right } = plot
  const bottom = plot.bottom + stripHeight(plot.lost.below)
  const slot = (right - left) / Math.max(count, 1)
  const texts = labels.texts.flatMap((text, i) => {
    if (i % labels.stride !== 0) return []
    const x = left + (i + 0.5) * slot
    const style = { size: TEXT, fill: paint('muted') } as const
    if (!labels.isSlanted) return [textAt(x, bottom + 16, text, { ...style, anchor: 'middle' })]
    return [textAt(x + 4, bottom + 14, text, { ...style, anchor: 'end', rotate: -SLANT })]
  })
  const axis = element('line', { x1: left, y1: bottom, x2: right, y2: bottom, stroke: paint('outline') })
  const name = { size: TEXT, fill: paint('muted'), anchor: 'middle' } as const
  return [axis, ...texts, textAt((left + right) / 2, bottom + labels.height + 18, label, name)]
}

function describe({ x, y, bars }: BarChart): string {
  const start = `${y.label} per ${x.label}, ${bars.length} bars.`
  return [start, ...bars.map(({ label, value }) => `${label}: ${shortNumber(value)}.`)].join(' ')
}
