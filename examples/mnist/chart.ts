/**
 * The course of a run as SVG: training loss by step above, accuracy by epoch below, on one axis of steps. Drawn twice,
 * for wide and for narrow pages, because text in a scaled drawing would be too small to read on a telephone.
 */
import { type Html, html, none, number, percent, whole } from './html.ts'
import type { RunReport } from './report.ts'
import { counting, linear, logarithmic, type Scale } from './scale.ts'
import { type Column, columns, countOdd, type Odd, smoothed } from './series.ts'

interface Panel {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

interface Size {
  readonly name: string
  readonly width: number
  readonly loss: Panel
  readonly accuracy: Panel
}

const sizes: readonly Size[] = [
  {
    name: 'wide',
    width: 760,
    loss: { left: 56, top: 28, width: 676, height: 230 },
    accuracy: { left: 56, top: 300, width: 676, height: 110 },
  },
  {
    name: 'narrow',
    width: 328,
    loss: { left: 46, top: 28, width: 254, height: 180 },
    accuracy: { left: 46, top: 250, width: 254, height: 100 },
  },
]

/** Room below the last panel for the ticks and the name of the axis of steps. */
const FOOT = 42
/** Losses beyond this are drawn at the edge, so that a span between two of them is finite. */
const LARGEST = 1e300

export function lossCurve(run: RunReport): Html {
  const { loss } = run
  if (loss.length === 0) return html`<p>No step was done, so there is no loss to draw.</p>`
  const span = Math.max(1, Math.round(loss.length / 60))
  const smooth = smoothed(loss, span)
  const { odd } = columns(loss, smooth, 1)[0]
  return html`${legend(run, span, odd)}
<figure>${sizes.map((size) => drawing(run, columns(loss, smooth, size.loss.width), size))}</figure>
<p>${describe(run, smooth, odd)}</p>`
}

/** What the curve shows, in words. */
function describe({ loss, epochs, accuracyOn }: RunReport, smooth: Float64Array, odd: Odd): string {
  const epoch = epochs.at(-1)
  const values = Array.from(loss)
  return [
    course(values, smooth),
    epoch ? `The ${accuracyOn} accuracy after the last finished epoch was ${percent(epoch.accuracy)}.` : '',
    oddSteps(values, countOdd(odd)),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

/** How many of the steps had no finite loss, and which was the first of them. */
function oddSteps(loss: readonly number[], bad: number): string {
  if (bad === 0) return ''
  const first = loss.findIndex((x) => !Number.isFinite(x))
  const place = `step ${whole(first + 1)}`
  if (bad === 1) return `The loss of ${place} was not finite (${number(loss[first])}).`
  return `${whole(bad)} of ${whole(loss.length)} steps had no finite loss, the first being ${place} (${number(loss[first])}).`
}

/** From the first finite loss to the last. */
function course(loss: readonly number[], smooth: Float64Array): string {
  const [from, to] = [loss.findIndex(Number.isFinite), loss.findLastIndex(Number.isFinite)]
  if (from < 0) return ''
  if (loss.length === 1) return `The training loss at the only step was ${number(loss[0])}.`
  if (from === to) return `Only step ${whole(from + 1)} had a finite training loss: ${number(loss[from])}.`
  const start = from === 0 ? 'at first' : `at step ${whole(from + 1)}`
  const end = to === loss.length - 1 ? 'at the end' : 'at the last finite step'
  const course = `${number(loss[from])} ${start}, ${number(smooth[to])} (smoothed) ${end}`
  return `Training loss over ${whole(loss.length)} steps: ${course}.`
}

function legend({ loss, epochs, accuracyOn }: RunReport, span: number, odd: Odd): Html {
  const entry = (sample: Html, text: string): Html =>
    html`<li><svg aria-hidden="true" viewBox="0 0 30 12">${sample}</svg>${text}</li>`
  const line = (name: string): Html => html`<path class="${name}" d="M1 6H29"/>`
  const dot = html`<circle class="point" cx="15" cy="6" r="4"/>`
  return html`<ul class="legend">
${entry(line('raw'), 'loss of each step')}
${loss.length > 1 ? entry(line('smooth'), span > 1 ? `smoothed over about ${whole(span)} steps` : 'smoothed') : none}
${epochs.length > 0 ? entry(html`${line('accuracy')}${dot}`, `accuracy after each epoch (${accuracyOn})`) : none}
${odd.nan > 0 ? entry(mark(15, 6, 'nan'), 'not a number') : none}
${odd.up > 0 ? entry(mark(15, 6, 'up'), 'infinite') : none}
${odd.down > 0 ? entry(mark(15, 6, 'down'), 'minus infinity') : none}
</ul>`
}

function drawing(run: RunReport, drawn: readonly Column[], size: Size): Html {
  const last = run.epochs.length > 0 ? size.accuracy : size.loss
  const x = stepScale(Math.max(run.loss.length, run.epochs.at(-1)?.steps ?? 0), size)
  const { scale, title } = lossScale(drawn)
  return html`<svg class="chart ${size.name}" viewBox="0 0 ${size.width} ${last.top + last.height + FOOT}" role="img"
aria-label="Line chart of the training loss by step and of the accuracy by epoch, described in the text below">
${epochLines(run, x, size, last)}
${axes(size.loss, scale, title, lossTick)}
${curves(drawn, size.loss, x, scale)}
${run.epochs.length > 0 ? accuracyPanel(run, size.accuracy, x) : none}
${stepAxis(last, x)}
${marks(drawn, size.loss, x)}
${hovers(drawn, size.loss, x)}
</svg>`
}

/** A step alone stands in the middle, the only one marked. */
function stepScale(steps: number, { loss }: Size): Scale {
  return steps > 1 ? counting(steps, loss.width / 90) : { ...counting(2, 2), ticks: [1] }
}

/** Logarithmic where the smoothed loss spans more than a decade; single steps may then leave the picture below. */
function lossScale(drawn: readonly Column[]): { scale: Scale; title: string } {
  const ranges = drawn.flatMap(({ range }) => (range ? [range] : []))
  const middle = drawn.flatMap(({ range, smooth }) => (range ? [smooth] : []))
  if (ranges.length === 0) return { scale: linear(0, 1, 4), title: 'Training loss' }
  const extreme = (pick: typeof Math.min, of: readonly number[]): number => of.reduce((a, b) => pick(a, b))
  const [low, high] = [
    extreme(
      Math.min,
      ranges.map((r) => r.low),
    ),
    extreme(
      Math.max,
      ranges.map((r) => r.high),
    ),
  ]
  const [least, most] = [extreme(Math.min, middle), extreme(Math.max, middle)]
  if (low > 0 && most / least > 10) {
    return {
      scale: logarithmic(Math.max(low, least / 8), Math.min(high, most * 8), 6),
      title: 'Training loss (log scale)',
    }
  }
  const bottom = Math.max(Math.min(low, 0), -LARGEST)
  const top = Math.max(Math.min(high, bottom + (most - bottom) * 3, LARGEST), bottom)
  const step = Math.max((top - bottom) * 0.05, Number.MIN_VALUE * 1e9)
  return { scale: top > bottom ? linear(bottom, top + step, 5) : linear(bottom, bottom + 1, 5), title: 'Training loss' }
}

const lossTick = (value: number): string => number(value, 3)

const at = (panel: Panel, scale: Scale, value: number): number =>
  Math.round((panel.top + panel.height * (1 - scale.place(value))) * 10) / 10

const along = (panel: Panel, scale: Scale, step: number): number =>
  Math.round((panel.left + panel.width * scale.place(step)) * 10) / 10

/** Lines across a panel at the ticks of its vertical axis, the axis itself, and the heading above. */
function axes(panel: Panel, scale: Scale, title: string, write: (value: number) => string): Html {
  const { left, top, width, height } = panel
  const ticks = scale.ticks.map((tick) => {
    const y = at(panel, scale, tick)
    return html`<path class="grid" d="M${left} ${y}h${width}"/>
<text x="${left - 6}" y="${y + 4}" text-anchor="end">${write(tick)}</text>`
  })
  return html`${ticks}<path class="axis" d="M${left} ${top}v${height}h${width}"/>
<text class="heading" x="0" y="${top - 14}">${title}</text>`
}

function stepAxis(panel: Panel, x: Scale): Html {
  const bottom = panel.top + panel.height
  const ticks = x.ticks.map((tick) => {
    const place = along(panel, x, tick)
    return html`<path class="axis" d="M${place} ${bottom}v4"/>
<text x="${place}" y="${bottom + 17}" text-anchor="middle">${whole(tick)}</text>`
  })
  return html`${ticks}<text x="${panel.left + panel.width / 2}" y="${bottom + 35}" text-anchor="middle">step</text>`
}

function epochLines({ epochs }: RunReport, x: Scale, size: Size, last: Panel): Html {
  const places = epochs.length > 60 ? [] : epochs.map(({ steps }) => along(size.loss, x, steps))
  const bottom = last.top + last.height
  return html`${places.map((place) => html`<path class="epoch" d="M${place} ${size.loss.top}V${bottom}"/>`)}`
}

/** Every step, or the ends of each column, and over it the smoothed course; both break where nothing is finite. */
function curves(drawn: readonly Column[], panel: Panel, x: Scale, y: Scale): Html {
  let raw = ''
  let smooth = ''
  let dots = ''
  let pen = 'M'
  for (const { from, to, range, smooth: level } of drawn) {
    if (range) {
      const [fromX, toX] = [along(panel, x, from), along(panel, x, to)]
      const [first, second] = range.rises ? [range.low, range.high] : [range.high, range.low]
      raw += `${pen}${fromX} ${at(panel, y, first)}${range.low === range.high ? '' : `L${toX} ${at(panel, y, second)}`}`
      // a stroke of no length, which a round pen draws as a dot: a step alone is seen too
      smooth += `${pen}${toX} ${at(panel, y, level)}${pen === 'M' ? 'h0' : ''}`
      if (drawn.length <= 60) dots += `M${fromX} ${at(panel, y, first)}h0`
    }
    pen = range ? 'L' : 'M'
  }
  return html`<path class="raw" d="${raw}"/><path class="smooth" d="${smooth}"/><path class="dots" d="${dots}"/>`
}

function accuracyPanel({ epochs, accuracyOn }: RunReport, panel: Panel, x: Scale): Html {
  const values = epochs.map(({ accuracy }) => accuracy).filter(Number.isFinite)
  // no wider than the values need, or the course of a run that stays low would be a flat line
  const [low, high] = values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [1, 0])
  const rim = Math.max(0.005, (high - low) * 0.15)
  const y = values.length === 0 ? linear(0, 1, 4) : linear(Math.max(0, low - rim), Math.min(1, high + rim), 4)
  const points = epochs.map(({ steps, accuracy }, i) => ({
    epoch: i + 1,
    accuracy,
    px: along(panel, x, steps),
    py: at(panel, y, accuracy),
  }))
  const radius = epochs.length > 60 ? 2 : 4
  const finite = points.filter(({ accuracy }) => Number.isFinite(accuracy))
  const tick = (value: number): string => `${number(value * 100)} %`
  return html`${axes(panel, y, `Accuracy (${accuracyOn})`, tick)}
<path class="accuracy" d="${finite.map(({ px, py }, i) => `${i === 0 ? 'M' : 'L'}${px} ${py}`).join('')}"/>
${finite.map(
  ({ epoch, accuracy, px, py }) =>
    html`<circle class="point" cx="${px}" cy="${py}" r="${radius}">
<title>epoch ${epoch}: ${percent(accuracy)}</title></circle>`,
)}`
}

/** A cross for NaN, a triangle for an infinity. */
function mark(x: number, y: number, kind: keyof Odd): Html {
  if (kind === 'nan') return html`<path class="mark" d="M${x - 4} ${y - 4}l8 8m0-8l-8 8"/>`
  const way = kind === 'up' ? -1 : 1
  return html`<path class="mark" d="M${x - 4} ${y - 3 * way}h8l-4 ${7 * way}z"/>`
}

/** What has no place on the axis is marked at the edge, neighbours together so that the marks stay apart. */
function marks(drawn: readonly Column[], panel: Panel, x: Scale): Html {
  const kinds: readonly (keyof Odd)[] = ['nan', 'up', 'down']
  const shown = kinds.flatMap((kind, row) => {
    let free = -Infinity
    return drawn.flatMap(({ from, to, odd }) => {
      const place = along(panel, x, (from + to) / 2)
      if (odd[kind] === 0 || place < free) return []
      free = place + 12
      return [mark(place, kind === 'down' ? panel.top + panel.height - 8 : panel.top + 8 + row * 14, kind)]
    })
  })
  return html`${shown}`
}

/** Invisible strips that tell the numbers under the pointer. */
function hovers(drawn: readonly Column[], panel: Panel, x: Scale): Html {
  const each = Math.ceil(drawn.length / (panel.width / 6))
  const strips = Array.from({ length: Math.ceil(drawn.length / each) }, (_, i) => drawn.slice(i * each, (i + 1) * each))
  const right = panel.left + panel.width
  return html`${strips.map((strip) => {
    const [from, to] = [strip[0].from, strip[strip.length - 1].to]
    const start = along(panel, x, from - 0.5)
    const width = Math.max(2, Math.min(right, along(panel, x, to + 0.5)) - start)
    return html`<rect class="hover" x="${start}" y="${panel.top}" width="${width.toFixed(1)}" height="${panel.height}">
<title>${hoverText(strip, from, to)}</title></rect>`
  })}`
}

function hoverText(strip: readonly Column[], from: number, to: number): string {
  const ranges = strip.flatMap(({ range }) => (range ? [range] : []))
  const odd = strip.reduce((sum, column) => sum + countOdd(column.odd), 0)
  const low = ranges.reduce((a, { low }) => Math.min(a, low), Infinity)
  const high = ranges.reduce((a, { high }) => Math.max(a, high), -Infinity)
  const steps = from === to ? `step ${whole(from)}` : `steps ${whole(from)} to ${whole(to)}`
  const values = low === high ? number(low) : `${number(low)} to ${number(high)}`
  const parts = ranges.length > 0 ? [`loss ${values}`, `smoothed ${number(strip[strip.length - 1].smooth)}`] : []
  return `${steps}: ${[...parts, ...(odd > 0 ? [`${whole(odd)} not finite`] : [])].join(', ')}`
}
