/** What charts draw, as plain data: columns over steps, what is said of them, and how they leave the page. */
import { shortNumber } from 'chainrule/explain'
import type { Entry } from '../run/training.ts'

export interface Series {
  readonly label: string
  readonly values: readonly (number | null)[]
}

export interface Chart {
  readonly title: string
  readonly steps: readonly number[]
  readonly series: readonly Series[]
}

export const lossChart = (entries: readonly Entry[]): Chart => ({
  title: 'Loss',
  steps: entries.map(({ step }) => step),
  series: [
    { label: 'batch', values: entries.map(({ loss }) => loss) },
    { label: 'held-out', values: entries.map(({ heldOut }) => heldOut) },
  ],
})

export const normChart = (entries: readonly Entry[], layers: readonly string[]): Chart => ({
  title: 'Gradient norm per layer, ‖∂L/∂W‖',
  steps: entries.map(({ step }) => step),
  series: layers.map((label, i) => ({ label, values: entries.map(({ norms }) => norms[i]) })),
})

const isBad = (value: number | null): boolean => value !== null && !Number.isFinite(value)

/** What cannot be drawn as a point of a line: NaN and the infinities, and zero on a logarithmic axis. */
export interface Mark {
  readonly index: number
  readonly series: number
  readonly is: 'bad' | 'zero'
}

/** The columns as lines, and the marks for what lines leave out. */
export function drawable(
  { series }: Chart,
  log: boolean,
): { readonly lines: (number | null)[][]; readonly marks: Mark[] } {
  const marks: Mark[] = []
  const lines = series.map(({ values }, s) =>
    values.map((value, index) => {
      if (value === null) return null
      const is = isBad(value) ? 'bad' : log && value <= 0 ? 'zero' : null
      if (is) marks.push({ index, series: s, is })
      return is ? null : value
    }),
  )
  return { lines, marks }
}

/** One sentence for readers by ear, and for those in a hurry. */
export function summaryOf({ title, steps, series }: Chart): string {
  if (steps.length === 0) return `${title}: no step has been taken yet.`
  const told = series.map(({ label, values }) => {
    const { first, last, least, lost } = extremes(values)
    const bad = lost < 0 ? '' : `, ${shortNumber(values[lost]!)} first at step ${steps[lost]}`
    if (first === null || last === null) return lost < 0 ? `${label} not known yet` : `${label}${bad}`
    return `${label} from ${shortNumber(first)} to ${shortNumber(last)}, least ${shortNumber(least)}${bad}`
  })
  return `${title} over steps ${steps[0]} to ${steps.at(-1)}: ${told.join('; ')}.`
}

/** Of the finite values, and the place of the first that is not; in one walk, since charts change often. */
function extremes(values: Series['values']) {
  let [first, last]: (number | null)[] = [null, null]
  let [least, lost] = [Infinity, -1]
  for (const [i, value] of values.entries()) {
    if (value === null) continue
    if (Number.isFinite(value)) {
      first ??= value
      last = value
      if (value < least) least = value
    } else if (lost < 0) lost = i
  }
  return { first, last, least, lost }
}

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** Every charted step with all digits; what was not computed is empty. */
export function csvOf({ steps, series }: Chart): string {
  const head = ['step', ...series.map(({ label }) => label)].map(cell).join(',')
  const rows = steps.map((step, i) => [step, ...series.map(({ values }) => values[i] ?? '')].join(','))
  return `${[head, ...rows].join('\n')}\n`
}

/** At most `most` rows, evenly spread, the last among them. */
export function rowsOf({ steps }: Chart, most: number): readonly number[] {
  const stride = Math.max(1, Math.ceil(steps.length / most))
  return steps.flatMap((_, i) => ((steps.length - 1 - i) % stride === 0 ? [i] : []))
}
