/** What the modes cost for a function, as tables and as a recommendation. */
import { barChart, type ChartOptions } from '../draw/chart.ts'
import { type Block, Document } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import { count, digits, heading, paragraph, picture, plural, table } from './blocks.ts'
import type { OperationCount } from './counting.ts'
import type { JacobianCost, JacobianCosts } from './jacobian-cost.ts'
import type { Agreement } from './mode-agreement.ts'
import type { Recommendation } from './mode-cost.ts'
import type { PassCounts, PassTimes } from './passes.ts'

export class ModeCost extends Document {
  /** n and m of a function from R^n to R^m. */
  readonly inputs: number
  readonly outputs: number
  readonly operations: PassCounts
  /** Null where nothing was measured. */
  readonly times: PassTimes | null
  readonly jacobian: JacobianCosts
  readonly agreement: Agreement
  readonly recommendation: Recommendation

  constructor(
    inputs: number,
    outputs: number,
    operations: PassCounts,
    times: PassTimes | null,
    jacobian: JacobianCosts,
    agreement: Agreement,
    recommendation: Recommendation,
  ) {
    super()
    this.inputs = inputs
    this.outputs = outputs
    this.operations = operations
    this.times = times
    this.jacobian = jacobian
    this.agreement = agreement
    this.recommendation = recommendation
  }

  get title(): string {
    return `Forward and reverse mode for ${plural(this.inputs, 'input')} and ${plural(this.outputs, 'output')}`
  }

  blocks(): Block[] {
    const timed = this.times ? ['time'] : []
    return [
      { is: 'note', tone: 'good', parts: [this.advice()] },
      heading('One pass'),
      table(['', 'multiply-adds', 'other', 'cost / cost of f(x)', ...timed], this.passRows()),
      paragraph(this.counted()),
      heading(`The full Jacobian [${this.outputs}, ${this.inputs}]`),
      table(
        ['', 'passes', 'operations', ...(this.times ? ['one by one', 'at once'] : [])],
        [
          this.jacobianRow('forward mode (jvp)', this.jacobian.forward),
          this.jacobianRow('reverse mode (vjp)', this.jacobian.reverse),
          this.jacobianRow('central differences', this.jacobian.differences),
        ],
      ),
      picture(this.toSvg(), this.advice()),
      paragraph(
        'Forward mode takes a pass per input, reverse mode a pass per output: the advantage grows as n / m does.',
        this.times ? ' One by one: extrapolated from one pass. At once: measured, all passes as one batch.' : '',
      ),
      heading('Do they agree?'),
      table(
        ['entry [output, input]', 'forward', 'reverse', 'central difference'],
        this.agreement.samples.map((s) => [`[${s.output}, ${s.input}]`, s.forward, s.reverse, s.difference]),
      ),
      paragraph(this.agreementText()),
    ]
  }

  /** "Reverse mode: 1 pass instead of 1,000, and 667 times fewer operations." */
  advice(): string {
    const { mode, factor } = this.recommendation
    const { forward, reverse } = this.jacobian
    const passes = {
      forward: plural(forward.passes, 'pass', 'passes'),
      reverse: plural(reverse.passes, 'pass', 'passes'),
    }
    if (mode === 'either')
      return `Either mode: ${passes.forward} forward or ${passes.reverse} backward cost about the same.`
    const other = mode === 'reverse' ? 'forward' : 'reverse'
    const times = factor < 100 ? shortNumber(digits(factor, 3)) : count(Math.round(factor))
    return (
      `${mode === 'reverse' ? 'Reverse' : 'Forward'} mode: the full Jacobian takes ${passes[mode]}; in ${other} mode it takes ` +
      `${passes[other]} and ${times} times the operations.`
    )
  }

  private passRows() {
    const { evaluation } = this.operations
    const row = (name: string, key: keyof PassCounts) => {
      const made = this.operations[key]
      const relative = evaluation.total === 0 ? '-' : made.total / evaluation.total
      const time = this.times ? [milliseconds(this.times[key])] : []
      return [name, count(made.multiplyAdds), count(made.elementOperations), relative, ...time]
    }
    return [
      row('f(x)', 'evaluation'),
      row('jvp: f(x) and J v', 'jvp'),
      row('vjp: f(x) and Jᵀ u', 'vjp'),
      row('Jᵀ u alone', 'pullback'),
    ]
  }

  private counted(): string {
    const { evaluation, pullback } = this.operations
    const own = [...new Set(Object.values(this.operations).flatMap((c: OperationCount) => c.atLeast))]
    const lower = own.length === 0 ? '' : ` Of ${own.join(', ')} only the elements of the results are counted.`
    return (
      'Counted is what is done to values that depend on the inputs: products that are added up, and per element every function ' +
      `in a formula (an addition, a tanh) and every term of a sum. f applies ${plural(evaluation.applications, 'op')}, the way back ${plural(pullback.applications, 'op')}.${lower}`
    )
  }

  private jacobianRow(name: string, cost: JacobianCost) {
    const times = this.times ? [milliseconds(cost.extrapolated), milliseconds(cost.measured)] : []
    return [name, count(cost.passes), count(cost.operations), ...times]
  }

  private agreementText(): string {
    const { modes, differences, projection } = this.agreement
    const { disagreement } = this.jacobian
    const whole =
      disagreement === null ? '' : ` In the whole Jacobians the largest difference is ${shortNumber(disagreement)}.`
    return (
      `Forward and reverse mode differ by ${shortNumber(modes)} at most, central differences by ${shortNumber(differences)}. ` +
      `All entries at once, as uᵀ J v for random u and v: ${shortNumber(projection.forward)} forward, ${shortNumber(projection.reverse)} reverse.${whole}`
    )
  }

  /** The operations of the full Jacobian in each way. */
  toSvg(options: ChartOptions = {}): string {
    const { forward, reverse, differences } = this.jacobian
    const bars = Object.entries({
      'forward mode': forward,
      'reverse mode': reverse,
      differences,
    })
    return barChart(
      {
        title: `The full Jacobian [${this.outputs}, ${this.inputs}]`,
        x: { label: '' },
        y: { label: 'operations', scale: 'log' },
        bars: bars.map(([label, { operations }]) => ({ label, value: operations })),
      },
      options,
    )
  }

  toJSON(): PlainObject {
    const { inputs, outputs, operations, times, jacobian, agreement, recommendation } = this
    return toPlain({
      format: 'chainrule-mode-cost',
      version: 1,
      inputs,
      outputs,
      operations,
      times,
      jacobian,
      agreement,
      recommendation,
    })
  }
}

function milliseconds(ms: number | null): string {
  if (ms === null) return '-'
  return ms < 1000 ? `${shortNumber(digits(ms, 3))} ms` : `${shortNumber(digits(ms / 1000, 3))} s`
}
