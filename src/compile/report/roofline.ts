/**
 * The roofline picture (Williams, Waterman and Patterson 2009): operations a second over operations per byte, both
 * logarithmic. No kernel gets above the roof but by the noise of measuring; it rises with the bandwidth of the caches and ends at the peak of arithmetic;
 * how far below it a kernel lies is what could still be won. The area of a mark is its share of the time.
 */
import { checkOptions } from '../../errors/index.ts'
import { acrossAxis, frame, plotFor, SAMPLE } from '../../explain/draw/chart/frame.ts'
import { heightIn, lostIn, type Plot, TEXT } from '../../explain/draw/chart/plot.ts'
import { type Scale, scaleOf } from '../../explain/draw/chart/scale.ts'
import { element, escaped, short, svgDocument, textAt } from '../../explain/draw/svg/markup.ts'
import { sansWidth, shortened } from '../../explain/draw/text.ts'
import { type Colour, type Paint, paintOf, type Theme } from '../../explain/draw/theme.ts'
import { counted } from '../plan/table.ts'
import type { Findings, ProfiledKernel } from './findings.ts'
import { type Box, placeNames } from './labels.ts'

export interface RooflineOptions {
  readonly title?: string
  /** `auto`, which follows the reader's system, unless given. */
  readonly theme?: Theme
  /** In pixels; 720 by 460 unless given. */
  readonly width?: number
  readonly height?: number
}

/** So many of the slowest kernels have their names beside them. */
const NAMED = 6
/** Radius of a kernel that takes all of the time, and of one that takes none, in pixels. */
const LARGEST = 26
const SMALLEST = 3.5
const kinds = { product: 'series1', loop: 'series2', host: 'series3' } as const satisfies Record<string, Colour>

/** Intensity and rate of a kernel that calculates. */
interface Mark {
  readonly kernel: ProfiledKernel
  readonly x: number
  readonly y: number
}

export function roofline(found: Findings, options: RooflineOptions): string {
  checkOptions('toSvg', options, ['title', 'theme', 'width', 'height'])
  const { theme = 'auto', width = 720, height = 460, title = 'Kernels below the roof' } = options
  const { peaks, seconds } = found
  const paint = paintOf(theme)
  const marks = found.kernels
    .filter(({ flops, bytes, seconds: time }) => flops > 0 && bytes > 0 && time > 0)
    .map((kernel): Mark => ({ kernel, x: kernel.flops / kernel.bytes, y: kernel.flops / kernel.seconds }))
  const ridge = peaks.flops / peaks.bandwidth
  const [left, right] = [
    Math.min(ridge / 10, ...marks.map(({ x }) => x)),
    Math.max(ridge * 10, ...marks.map(({ x }) => x)),
  ]
  const values = [peaks.flops, left * peaks.bandwidth, ...marks.map(({ y }) => y)]
  const scale = scaleOf('log', values)
  const across = scaleOf('log', [left, right])
  const present = Object.entries(kinds).filter(([name]) => marks.some(({ kernel }) => kernel.kind === name))
  const legend = present.map(([name, colour]) => ({
    name,
    sample: (x: number, y: number) => element('circle', { cx: x + SAMPLE / 2, cy: y, r: 5, fill: paint(colour) }),
  }))
  const plot = plotFor({ width, height, scale, legend, lost: lostIn([values], scale), below: 40, before: 0 })
  const space = { plot, scale, across }
  const sheet = { width, height, title, description: describe(found), theme }
  const roofLine = roof(found, left, right, space, paint)
  const label = `operations a second (a call takes ${counted(seconds, 's')})`
  return svgDocument(sheet, paint, [
    ...frame({ title, width, plot, scale, label, bands: [], legend }, [roofLine.drawn], paint),
    ...acrossAxis('operations per byte', plot, across, paint),
    ...marks.map((mark) => disc(mark, space, paint)),
    ...names(marks, roofLine, space, paint),
  ])
}

interface Space {
  readonly plot: Plot
  readonly scale: Scale
  readonly across: Scale
}

const placeOf = (x: number, y: number, { plot, scale, across }: Space) => ({
  x: plot.left + across.at(x) * (plot.right - plot.left),
  y: heightIn(plot, scale.at(y)),
})

interface Roof {
  readonly drawn: string
  /** What names must not cover. */
  readonly covers: readonly Box[]
}

/** How many points of the line are kept free of names. */
const KEPT = 80

function roof({ peaks }: Findings, left: number, right: number, space: Space, paint: Paint): Roof {
  const { flops, bandwidth } = peaks
  const height = (x: number) => Math.min(flops, x * bandwidth)
  const corners = [left, flops / bandwidth, right].map((x) => placeOf(x, height(x), space))
  const d = corners.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('')
  const style = { size: TEXT, fill: paint('muted'), halo: paint('background') } as const
  const [above, along] = [`${counted(flops, 'FLOP/s')} in products`, `${counted(bandwidth, 'B/s')} in a cache`]
  const [a, b] = [
    { x: corners[1].x + 8, y: corners[1].y - 7 },
    { x: corners[0].x + 8, y: corners[0].y + 18 },
  ]
  const points = Array.from({ length: KEPT + 1 }, (_, i) => left * (right / left) ** (i / KEPT))
  const drawn = [
    element('path', { d, fill: 'none', stroke: paint('outline'), 'stroke-width': 2 }),
    textAt(a.x, a.y, above, style),
    textAt(b.x, b.y, along, style),
  ]
  const covers = [
    { x: a.x, y: a.y - TEXT, width: sansWidth(above, TEXT), height: TEXT },
    { x: b.x, y: b.y - TEXT, width: sansWidth(along, TEXT), height: TEXT },
    ...points.map((x) => ({ ...placeOf(x, height(x), space), width: 0, height: 0 })),
  ]
  return { drawn: drawn.join(''), covers }
}

const radius = ({ kernel }: Mark): number => Math.max(SMALLEST, LARGEST * Math.sqrt(kernel.share))

function disc(mark: Mark, space: Space, paint: Paint): string {
  const { x, y } = placeOf(mark.x, mark.y, space)
  const { label, kind, seconds, share } = mark.kernel
  const about = `${label}: ${counted(seconds, 's')}, ${(100 * share).toFixed(1)} %, ${counted(mark.y, 'FLOP/s')}`
  const fill = { fill: paint(kinds[kind]), 'fill-opacity': 0.55, stroke: paint(kinds[kind]) }
  return element('circle', { cx: x, cy: y, r: radius(mark), ...fill }, element('title', {}, escaped(about)))
}

/** The names of the kernels that take most of the time, where there is room. */
function names(marks: readonly Mark[], roofLine: Roof, space: Space, paint: Paint): string[] {
  const { left, right, top, bottom } = space.plot
  const within = { x: left + 2, y: top, width: right - left - 4, height: bottom - top - 2 }
  const placed = marks.map((mark) => ({ ...placeOf(mark.x, mark.y, space), radius: radius(mark) }))
  const discs = placed.map(({ x, y, radius: r }) => ({ x: x - r, y: y - r, width: 2 * r, height: 2 * r }))
  const slowest = marks.map((_, i) => i).sort((i, j) => marks[j].kernel.seconds - marks[i].kernel.seconds)
  const named = slowest.slice(0, NAMED).map((i) => {
    const text = shortened(marks[i].kernel.label, 34)
    return { ...placed[i], text, width: sansWidth(text, TEXT), height: TEXT + 2 }
  })
  const places = placeNames(named, within, [...discs, ...roofLine.covers])
  return named.flatMap((one, i) => {
    const place = places[i]
    if (!place) return []
    const { at, anchor, box } = place
    const line = { x1: one.x, y1: one.y, x2: at.x, y2: at.y, stroke: paint('muted'), 'stroke-width': 1 }
    const style = { size: TEXT, fill: paint('ink'), halo: paint('background'), anchor } as const
    const aside = anchor === 'start' ? 3 : anchor === 'end' ? -3 : 0
    return [element('line', line), textAt(at.x + aside, box.y + TEXT - 2, one.text, style)]
  })
}

function describe({ kernels, peaks }: Findings): string {
  const roofs = `The machine reaches ${counted(peaks.flops, 'FLOP/s')} and ${counted(peaks.bandwidth, 'B/s')}.`
  const rows = [...kernels]
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, 10)
    .map((k) => `${k.label}: ${counted(k.seconds, 's')}, at least ${counted(k.bound, 's')}.`)
  return [roofs, ...rows].join(' ')
}
