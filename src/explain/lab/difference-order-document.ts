/** The errors of difference quotients by step size. */
import { type ChartOptions, lineChart } from '../draw/chart.ts'
import { type Block, Document } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import { digits, list, picture, table } from './blocks.ts'
import type { DifferenceStep, FormulaSummary } from './difference-order.ts'

export class DifferenceOrder extends Document {
  readonly x: number
  /** f'(x), by the chain rule. */
  readonly exact: number
  /** From the largest step to the smallest. */
  readonly rows: readonly DifferenceStep[]
  readonly forward: FormulaSummary
  readonly central: FormulaSummary

  constructor(
    x: number,
    exact: number,
    rows: readonly DifferenceStep[],
    forward: FormulaSummary,
    central: FormulaSummary,
  ) {
    super()
    this.x = x
    this.exact = exact
    this.rows = rows
    this.forward = forward
    this.central = central
  }

  get title(): string {
    return `Forward and central differences at x = ${shortNumber(this.x)}`
  }

  blocks(): Block[] {
    const order = (o: number | null) => (o === null ? '' : o.toFixed(2))
    return [
      table(
        ['step h', 'forward error', 'order', 'central error', 'order'],
        this.rows.map(({ step, forward, central }) => [
          shortNumber(step),
          forward.error,
          order(forward.order),
          central.error,
          order(central.order),
        ]),
        `Errors against the exact derivative ${shortNumber(this.exact)}`,
      ),
      picture(this.toSvg(), 'The errors by step size.'),
      list([sentence('Forward', this.forward, 'h'), sentence('Central', this.central, 'h²'), ROUNDING]),
    ]
  }

  /** The errors by step, both logarithmic: a line of slope 1, one of slope 2, and the noise of rounding. */
  toSvg(options: ChartOptions = {}): string {
    const rows = [...this.rows].reverse()
    const line = (key: 'forward' | 'central') => rows.map((row) => [Math.log10(row.step), row[key].error] as const)
    const series = [
      { name: 'forward difference', points: line('forward') },
      { name: 'central difference', points: line('central') },
    ]
    const y = { label: 'error', scale: 'log' } as const
    return lineChart({ title: this.title, x: { label: 'log10 of the step h' }, y, series }, options)
  }

  toJSON(): PlainObject {
    const { x, exact, rows, forward, central } = this
    return toPlain({ format: 'chainrule-difference-order', version: 1, x, exact, rows, forward, central })
  }
}

const ROUNDING =
  'Small steps are no better: the rounding of f, about 1e-16 of it, is divided by h and grows as the step shrinks.'

function sentence(name: string, s: FormulaSummary, step: string): string {
  const observed = s.observedOrder === null ? '' : `, observed ${s.observedOrder.toFixed(2)}`
  const meet = s.balance === null ? '' : ` until rounding is as large, near h = ${shortNumber(digits(s.balance, 1))}`
  return (
    `${name} differences: order ${s.expectedOrder}${observed}; to leading order the error is ${shortNumber(s.coefficient)} ${step}${meet}. ` +
    `Of these steps ${shortNumber(s.bestStep)} is best here, with an error of ${shortNumber(s.bestError)}.`
  )
}
