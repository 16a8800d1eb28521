/**
 * The roofline picture (Williams, Waterman and Patterson 2009): operations a second over operations per byte, both
 * logarithmic. No kernel gets above the roof, which rises with memory's bandwidth and ends at the peak of arithmetic;
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
import type { Findings, ProfiledKernel } from './profile.ts'

export interface RooflineOptions {
  readonly title?: string
  /** `auto`, which follows the reader's system, unless given. */
  readonly theme?: Theme
  /** In pixels; 720 by 460 unless given. */
  readonly width?: number
  readonly height?: number
}

const NAMED = 6
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
  const legend = Object.entries(kinds).map(([name, colour]) => ({
    name,
    sample: (x: number, y: number) => element('circle', { cx: x + SAMPLE / 2, cy: y, r: 5, fill: paint(colour) }),
  }))
  const plot = plotFor({ width, height, scale, legend, lost: lostIn([values], scale), below: 40, before: 0 })
  const space = { plot, scale, across }
  const sheet = { width, height, title, description: describe(found), theme }
  const label = `operations a second (a call takes ${counted(seconds, 's')})`
  return svgDocument(sheet, paint, [
    ...frame({ title, width, plot, scale, label, bands: [], legend }, [roof(found, left, right, space, paint)], paint),
    ...acrossAxis('operations per byte', plot, across, paint),
    ...marks.map((mark) => disc(mark, space, paint)),
    ...names(marks, space, paint),
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

function roof({ peaks }: Findings, left: number, right: number, space: Space, paint: Paint): string {
  const { flops, bandwidth } = peaks
  const corners = [
    [left, left * bandwidth],
    [flops / bandwidth, flops],
    [right, flops],
  ].map(([x, y]) => placeOf(x, y, space))
  const d = corners.map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('')
  const text = { size: TEXT, fill: paint('muted'), halo: paint('background') } as const
  return [
    element('path', { d, fill: 'none', stroke: paint('outline'), 'stroke-width': 2 }),
    textAt(corners[2].x - 6, corners[2].y - 7, counted(flops, 'FLOP/s'), { ...text, anchor: 'end' }),
    textAt(corners[0].x + 8, corners[0].y - 12, counted(bandwidth, 'B/s'), text),
  ].join('')
}

const radius = ({ kernel }: Mark): number => Math.max(SMALLEST, LARGEST * Math.sqrt(kernel.share))

function disc(mark: Mark, space: Space, paint: Paint): string {
  const { x, y } = placeOf(mark.x, mark.y, space)
  const { label, kind, seconds, share } = mark.kernel
  const about = `${label}: ${counted(seconds, 's')}, ${(100 * share).toFixed(1)} %, ${counted(mark.y, 'FLOP/s')}`
  const fill = { fill: paint(kinds[kind]), 'fill-opacity': 0.55, stroke: paint(kinds[kind]) }
  return element('circle', { cx: x, cy: y, r: radius(mark), ...fill }, element('title', {}, escaped(about)))
}

/** Of the kernels that take most of the time, each name once and where it touches no other. */
function names(marks: readonly Mark[], space: Space, paint: Paint): string[] {
  const taken: { text: string; x: number; y: number; width: number }[] = []
  const slowest = [...marks].sort((a, b) => b.kernel.seconds - a.kernel.seconds).slice(0, NAMED)
  return slowest.flatMap((mark) => {
    const text = shortened(mark.kernel.label, 34)
    const at = placeOf(mark.x, mark.y, space)
    const width = sansWidth(text, TEXT)
    const x = Math.max(space.plot.left + 4, Math.min(at.x - width / 2, space.plot.right - width))
    const y = at.y + radius(mark) + 13
    const touches = (t: { x: number; y: number; width: number }) =>
      Math.abs(t.y - y) < 13 && x < t.x + t.width + 6 && t.x < x + width + 6
    if (taken.some((t) => t.text === text || touches(t))) return []
    taken.push({ text, x, y, width })
    return [textAt(x, y, text, { size: TEXT, fill: paint('ink'), halo: paint('background') })]
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
