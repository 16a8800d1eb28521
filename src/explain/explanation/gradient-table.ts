/** The chain rule worked out by hand: one line per step from the output to an element of an input. */
import { ArgumentError } from '../../errors/index.ts'
import { shown as quoted } from '../../ops/arguments.ts'
import type { Tensor } from '../../tensor/index.ts'
import { type Block, type Cell, Document } from '../render/document.ts'
import { type PlainObject, toPlain } from '../render/plain.ts'
import { number, partial, product, type Typeset, words } from '../render/typeset.ts'
import { type ExplainOptions, explain } from './explain.ts'
import type { ExplainedPath, Explanation } from './explanation.ts'

/** So many lines of the beginning and of the end of a long working are shown. */
const LONG = 60

/** One line of the working. */
export interface TableRow {
  /** What is found: ∂L/∂z, or a local derivative ∂z/∂w. */
  readonly step: Typeset
  readonly expression: Typeset
  /** The expression with numbers in it. */
  readonly values: Typeset
  readonly result: number
}

export interface GradientTableOptions extends ExplainOptions {
  /** Which path is worked out, counting from 0 in the order of `explain`; the one with the largest product unless given. */
  readonly path?: number
}

/**
 * The derivative of `output` by one element of `input`, worked out along one path, line by line. A local derivative that
 * is a formula is worked out within the running product; one that is a value of the program has a line of its own first.
 * @param index one integer per dimension; the element with the largest gradient unless given.
 * @throws what `explain` throws; ArgumentError where there is no such path.
 * @example const w = tensor(3, { requiresGrad: true, name: 'w' }); gradientTable(w.square().mul(2), w).rows.map((row) => row.result) // [2, 12]
 */
export function gradientTable(
  output: Tensor,
  input: Tensor,
  index?: readonly number[],
  options: GradientTableOptions = {},
): GradientTable {
  const { path = 0, ...rest } = options
  if (!Number.isInteger(path) || path < 0)
    throw new ArgumentError(`gradientTable: path counts from 0, got ${quoted(path)}`)
  const explanation = explain(output, input, index, { paths: path + 1, ...rest })
  const chosen = explanation.paths[path]
  if (!chosen)
    throw new ArgumentError(
      `gradientTable: there is no path ${path}; from ${explanation.output} to ${explanation.input} there are ${explanation.pathCount}, counted from 0`,
    )
  return new GradientTable(explanation, chosen)
}

export class GradientTable extends Document {
  readonly rows: readonly TableRow[]
  /** What the table adds up to, and what it is a part of. */
  readonly product: number
  readonly gradient: number
  readonly title: string
  readonly #pathCount: bigint

  constructor(explanation: Explanation, path: ExplainedPath) {
    super()
    this.rows = rowsOf(explanation, path)
    this.product = path.product
    this.gradient = explanation.gradient
    this.title = `∂${explanation.output}/∂${explanation.input}, step by step`
    this.#pathCount = explanation.pathCount
  }

  blocks(): Block[] {
    const table: Block = {
      is: 'table',
      columns: [
        { head: 'step', align: 'left' },
        { head: 'expression', align: 'left' },
        { head: 'values', align: 'left' },
        { head: 'result', align: 'right' },
      ],
      rows: shown(this.rows),
    }
    if (this.#pathCount === 1n) return [table]
    const others = `This is one of ${this.#pathCount} paths; the gradient, the sum over all of them, is `
    return [table, { is: 'paragraph', parts: [others, number(this.gradient), '.'] }]
  }

  /** Plain data: every formula as text. */
  toJSON(): PlainObject {
    const rows = this.rows.map(({ step, expression, values, result }) => ({
      step: step.text,
      expression: expression.text,
      values: values.text,
      result,
    }))
    const { product, gradient } = this
    return toPlain({ format: 'chainrule-gradient-table', version: 1, rows, product, gradient })
  }
}

/** Of a long working, the beginning and the end. */
function shown(rows: readonly TableRow[]): Cell[][] {
  const cells = (part: readonly TableRow[]) =>
    part.map(({ step, expression, values, result }): Cell[] => [step, expression, values, result])
  if (rows.length <= 2 * LONG) return cells(rows)
  return [
    ...cells(rows.slice(0, LONG)),
    [`… ${rows.length - 2 * LONG} more …`, '', '', ''],
    ...cells(rows.slice(-LONG)),
  ]
}

/** Of several paths, what has been multiplied so far is not yet a derivative: the others are missing. */
function rowsOf({ output, pathCount }: Explanation, { factors }: ExplainedPath): TableRow[] {
  const so = (wrt: string) => (pathCount === 1n ? partial(output, wrt) : words(`path to ${wrt}`))
  const rows: TableRow[] = []
  factors.forEach((factor, k) => {
    const { of, wrt, symbolic, numbers, value, plain } = factor
    if (k === 0) {
      rows.push({ step: so(wrt), expression: symbolic, values: numbers, result: value })
      return
    }
    const above = rows[rows.length - 1]
    const local = { step: partial(of, wrt), expression: symbolic, values: numbers, result: value }
    const running = factor.times(above.result)
    if (plain) rows.push(local)
    rows.push({
      step: so(wrt),
      expression: product([above.step, plain ? local.step : symbolic]),
      values: product([number(above.result), plain ? number(value) : numbers]),
      result: running,
    })
  })
  return rows
}
