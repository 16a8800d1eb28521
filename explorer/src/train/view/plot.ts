/** Lines over steps, drawn by uPlot: axes, marks for what is no number, and a crosshair that charts share. */
import { shortNumber } from 'chainrule/explain'
import type { Palette } from 'chainrule/explain/draw'
import uPlot from 'uplot'
import { lineColour, lineDash } from './palette.ts'
import type { Mark } from './series.ts'

interface PlotOptions {
  readonly labels: readonly string[]
  readonly log: boolean
  readonly palette: Palette
  readonly width: number
  readonly height: number
  /** Of the data that are drawn now. */
  readonly marks: () => readonly Mark[]
  /** The place that the crosshair is at; null where there is none. */
  readonly onCursor: (index: number | null) => void
  readonly onPick: (index: number) => void
}

/** Distances of ticks: of steps whole numbers, of gradients whatever there is. */
const WHOLE = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))
const ANY = Array.from({ length: 100 }, (_, i) => 10 ** (i - 50))

const FEWEST_STEPS = 10
const ROOM = 9

export function makePlot(target: HTMLElement, options: PlotOptions): uPlot {
  const { labels, log, palette, width, height, onCursor, onPick } = options
  const axis = { stroke: palette.muted, grid: { stroke: palette.rule, width: 1 }, ticks: { stroke: palette.rule } }
  const values = (_: uPlot, splits: readonly (number | null)[]) =>
    splits.map((split) => (split === null ? '' : shortNumber(split)))
  return new uPlot(
    {
      width,
      height,
      legend: { show: false },
      cursor: { drag: { x: false, y: false, setScale: false }, sync: { key: 'train' }, y: false },
      scales: {
        x: { time: false, range: (_, min, max) => [min ?? 0, Math.max(max ?? 0, (min ?? 0) + FEWEST_STEPS)] },
        y: { distr: log ? 3 : 1, range: (_, min, max) => rangeOf(log, min, max) },
      },
      axes: [
        { ...axis, size: 34, gap: 4, values, incrs: WHOLE },
        {
          ...axis,
          size: 62,
          gap: 4,
          values,
          ...(log && { splits: decades, filter: (_: uPlot, splits: number[]) => splits, incrs: ANY }),
        },
      ],
      series: [
        {},
        ...labels.map((label, i) => ({
          label,
          stroke: lineColour(palette, i),
          dash: [...lineDash(i)],
          width: 1.5,
          spanGaps: true,
        })),
      ],
      hooks: {
        draw: [(plot) => drawMarks(plot, options)],
        setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
        ready: [({ over, cursor }) => over.addEventListener('click', () => cursor.idx != null && onPick(cursor.idx))],
      },
    },
    [[], ...labels.map(() => [])],
    target,
  )
}

function rangeOf(log: boolean, min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return log ? [0.01, 1] : [0, 1]
  if (log) return uPlot.rangeLog(min, max, 10, false) as [number, number]
  return [Math.min(0, min), max > 0 ? 1.05 * max : 1]
}

const MOST_TICKS = 5

/** Powers of ten, every so manieth where there are many; of less than two decades, twos and fives as well. */
function decades(_: uPlot, __: number, min: number, max: number): number[] {
  const [from, to] = [Math.ceil(Math.log10(min) - 1e-9), Math.floor(Math.log10(max) + 1e-9)]
  const stride = Math.max(1, Math.ceil((to - from) / MOST_TICKS))
  const powers = Array.from({ length: Math.floor((to - from) / stride) + 1 }, (_, i) => 10 ** (from + i * stride))
  if (to - from > 1) return powers
  return [from - 1, ...powers.map(Math.log10)]
    .flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power))
    .filter((tick) => tick >= min && tick <= max)
}

/** ✕ at the top for NaN and the infinities, ▾ at the bottom for zero on a logarithmic axis. */
function drawMarks({ ctx, bbox, data, valToPos }: uPlot, { marks, palette }: PlotOptions): void {
  const unit = devicePixelRatio
  let last = { is: '', x: -Infinity }
  ctx.save()
  ctx.lineWidth = 2 * unit
  for (const { index, is } of marks()) {
    const x = valToPos(data[0][index], 'x', true)
    if (is === last.is && Math.abs(x - last.x) < ROOM * unit) continue
    last = { is, x }
    ctx.strokeStyle = is === 'bad' ? palette.bad : palette.muted
    const [y, r] = [is === 'bad' ? bbox.top + ROOM * unit : bbox.top + bbox.height - ROOM * unit, 4 * unit]
    ctx.beginPath()
    ctx.moveTo(x - r, y - r)
    ctx.lineTo(x + (is === 'bad' ? r : 0), y + r)
    ctx.moveTo(x + r, y - r)
    ctx.lineTo(x - (is === 'bad' ? r : 0), y + r)
    ctx.stroke()
  }
  ctx.restore()
}
