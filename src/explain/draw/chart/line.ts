/** Lines over a number: histories, gradients over depth. */
import { ArgumentError, checkOptions } from '../../../errors/index.ts'
import { shortNumber } from '../../render/number.ts'
import { element, escaped, svgDocument } from '../svg/markup.ts'
import { type Paint, paintOf } from '../theme.ts'
import {
  acrossAxis,
  type Band,
  type ChartOptions,
  drawnSpan,
  frame,
  type LegendEntry,
  plotFor,
  SAMPLE,
} from './frame.ts'
import { linePath, type PlacedPoint, runs } from './path.ts'
import { cross, heightIn, lostIn, type Plot, type ValueAxis } from './plot.ts'
import { type Scale, scaleOf } from './scale.ts'
import { type Style, styleOf } from './style.ts'

export interface Series {
  readonly name: string
  /** By ascending x; y may be NaN or infinite. */
  readonly points: readonly (readonly [x: number, y: number])[]
}

export interface LineChart {
  readonly title: string
  readonly x: { readonly label: string }
  readonly y: ValueAxis
  readonly series: readonly Series[]
  readonly bands?: readonly Band[]
  /** Ranges of x that mean something, as in `saturated, above 5`. */
  readonly spans?: readonly Band[]
}

/** Up to this many points each has its marker; beyond, about a dozen of them. */
const FEW = 30
const SOME = 12
/** From here on a thick line would be a smear. */
const DENSE = 500

/**
 * A line chart as a standalone SVG. Where y is NaN or infinite a line has a gap, and a strip beside the axis a cross: NaN
 * and ∞ above, -∞ below, where a `log` axis has its negative values too.
 * @throws ArgumentError where an x is not a finite number, or the theme does not exist.
 * @example lineChart({ title: 'Loss', x: { label: 'step' }, y: { label: 'loss', scale: 'log' }, series: [{ name: 'train', points: [[0, 1], [1, 0.1]] }] }).includes('train: 2 points from 1 at 0 to 0.1 at 1') // true
 */
export function lineChart(chart: LineChart, options: ChartOptions = {}): string {
  checkOptions('lineChart', options, ['theme', 'width', 'height'])
  const { theme = 'auto', width = 720, height = 420 } = options
  const { title, x, y, series, bands = [], spans = [] } = chart
  for (const { name, points } of series) {
    const wrong = points.find(([at]) => !Number.isFinite(at))
    if (wrong) throw new ArgumentError(`lineChart: series '${name}' has a point at x = ${wrong[0]}`)
  }
  const paint = paintOf(theme)
  const points = series.flatMap((each) => each.points)
  const scale = scaleOf(
    y.scale ?? 'linear',
    points.map(([, value]) => value),
  )
  const legend = series.length > 1 ? series.map(({ name }, i) => legendEntry(name, styleOf(i), paint)) : []
  const lost = lostIn(
    series.map((each) => each.points.map(([, value]) => value)),
    scale,
  )
  const plot = plotFor({ width, height, scale, legend, lost, bands, below: 40, before: 0 })
  const across = scaleOf(
    'linear',
    points.map(([value]) => value),
    { isTight: true, ticks: Math.floor((plot.right - plot.left) / 80) },
  )
  const sheet = { width, height, title, description: describe(chart), theme }
  const lines = series.map((each, i) => drawnSeries(each, i, { plot, scale, across }, paint))
  return svgDocument(sheet, paint, [
    ...spans.map((span) => drawnSpan(span, plot, across, paint)),
    ...frame({ title, width, plot, scale, label: y.label, bands, legend }, points.length > 0 ? lines : [], paint),
    ...acrossAxis(x.label, plot, across, paint),
  ])
}

function legendEntry(name: string, { colour, dash, marker }: Style, paint: Paint): LegendEntry {
  const stroke = { stroke: paint(colour), 'stroke-width': 2, 'stroke-dasharray': dash, fill: 'none' }
  const sample = (x: number, y: number) =>
    element('path', { d: `M${x} ${y}h${SAMPLE}`, ...stroke }) +
    element('path', { d: marker(x + SAMPLE / 2, y), fill: paint(colour) })
  return { name, sample }
}

interface Space {
  readonly plot: Plot
  readonly scale: Scale
  readonly across: Scale
}

interface PlacedValue extends PlacedPoint {
  readonly value: number
}

function drawnSeries({ name, points }: Series, index: number, space: Space, paint: Paint): string {
  const { plot, scale, across } = space
  const { colour, dash, marker } = styleOf(index)
  const placed: PlacedValue[] = points.map(([x, value]) => ({
    x: plot.left + across.at(x) * (plot.right - plot.left),
    y: heightIn(plot, scale.at(value)),
    value,
  }))
  const stroke = {
    fill: 'none',
    stroke: paint(colour),
    'stroke-width': points.length > DENSE ? 1.25 : 2,
    'stroke-linejoin': 'round',
  }
  const markers = marked(placed)
    .map(({ x, y }) => marker(x, y))
    .join('')
  return element(
    'g',
    {},
    element('title', {}, escaped(name)),
    element('path', { d: linePath(placed), ...stroke, 'stroke-dasharray': dash }),
    element('path', { d: markers, fill: paint(colour) }),
    ...placed.filter(({ y }) => Number.isNaN(y)).map(({ x, value }) => cross(x, value, index, colour, plot, paint)),
  )
}

/** All of few points, some of many, and always those that no line leads to. */
function marked(placed: readonly PlacedPoint[]): PlacedPoint[] {
  const stride = placed.length <= FEW ? 1 : Math.ceil(placed.length / SOME)
  const some = placed.filter(({ y }, i) => !Number.isNaN(y) && i % stride === 0)
  const alone = runs(placed).filter((run) => run.length === 1)
  return [...new Set([...some, ...alone.flat()])]
}

function describe({ x, y, series }: LineChart): string {
  const lines = series.map(({ name, points }) => {
    if (points.length === 0) return `${name}: no points.`
    const [[firstX, first], [lastX, last]] = [points[0], points[points.length - 1]]
    const finite = points.map(([, value]) => value).filter(Number.isFinite)
    const lost = points.length - finite.length
    const range = finite.length > 0 ? `, least ${shortNumber(min(finite))}, greatest ${shortNumber(max(finite))}` : ''
    const ends = `from ${shortNumber(first)} at ${shortNumber(firstX)} to ${shortNumber(last)} at ${shortNumber(lastX)}`
    return `${name}: ${points.length} points ${ends}${range}${lost > 0 ? `, ${lost} NaN or infinite` : ''}.`
  })
  return [`${y.label} over ${x.label}.`, ...lines].join(' ')
}

const min = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b))
const max = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b))
