/** A function beside its linear approximation, step by step. */
import { type ChartOptions, lineChart } from '../draw/chart.ts'
import { type Block, Document } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import { paragraph, picture, table } from './blocks.ts'
import type { LinearStep } from './linearization.ts'

export class Linearization extends Document {
  /** f(x) and J d, element by element. */
  readonly value: readonly number[]
  readonly slope: readonly number[]
  readonly steps: readonly LinearStep[]
  readonly title = 'A function and its linear approximation'

  constructor(value: readonly number[], slope: readonly number[], steps: readonly LinearStep[]) {
    super()
    this.value = value
    this.slope = slope
    this.steps = steps
  }

  blocks(): Block[] {
    return [
      paragraph('f(x + s d) is f(x) + s J d up to an error that falls as s²: half the step, a quarter of the error.'),
      table(
        ['s', 'f(x + s d)', 'f(x) + s J d', 'error', 'order'],
        this.steps.map(({ scale, actual, linear, size, order }) => [
          shortNumber(scale),
          vector(actual),
          vector(linear),
          size,
          order === null ? '' : order.toFixed(2),
        ]),
      ),
      picture(this.toSvg(), 'The size of the error by scale.'),
    ]
  }

  /** The size of the error by scale, both logarithmic. */
  toSvg(options: ChartOptions = {}): string {
    const points = this.steps.map(({ scale, size }) => [Math.log10(scale), size] as const).sort(([a], [b]) => a - b)
    const y = { label: 'size of the error', scale: 'log' } as const
    return lineChart({ title: this.title, x: { label: 'log10 of s' }, y, series: [{ name: 'error', points }] }, options)
  }

  toJSON(): PlainObject {
    const { value, slope, steps } = this
    return toPlain({ format: 'chainrule-linearization', version: 1, value, slope, steps })
  }
}

const MOST = 3

function vector(v: readonly number[]): string {
  if (v.length === 1) return shortNumber(v[0])
  const shown = v.slice(0, MOST).map((x) => x.toPrecision(5))
  return `[${shown.join(', ')}${v.length > MOST ? ', …' : ''}]`
}
