/** What is known of one input so far, and how it is told. */
import type { GradientCheckElement, GradientCheckInput } from '../errors/index.ts'
import type { Tensor } from '../tensor/index.ts'
import type { Verdict } from './check-gradients-judge.ts'
import { indexOf } from './check-gradients-program.ts'

/** A kink says nothing against the gradient, so that every comparison comes before it. */
const severity = { kink: 0, right: 1, wrong: 2 }

export class Tally {
  readonly x: Tensor
  readonly name: string
  ok = true
  readonly kinks = new Set<number>()
  readonly wrong = new Set<number>()
  worst: GradientCheckElement | null = null
  /** Nothing at all came back. */
  silent = true
  rank: readonly number[] = []

  constructor(x: Tensor, name: string) {
    this.x = x
    this.name = name
  }

  /** One comparison, of element i of the input (-1 for a direction). */
  add(i: number, analytic: number, { is, numeric, tolerance }: Verdict, output: () => string): void {
    if (is === 'wrong') {
      this.ok = false
      this.wrong.add(i)
    }
    if (is === 'kink') this.kinks.add(i)
    if (analytic !== 0) this.silent = false
    const absoluteError = analytic === numeric ? 0 : Math.abs(analytic - numeric)
    const excess =
      absoluteError === 0 ? 0 : Number.isNaN(absoluteError) ? Number.POSITIVE_INFINITY : absoluteError / tolerance
    const rank = [severity[is], excess, Math.abs(numeric)]
    if (!isBefore(this.rank, rank)) return
    this.rank = rank
    const relativeError = absoluteError === 0 ? 0 : absoluteError / Math.max(Math.abs(analytic), Math.abs(numeric))
    const index = i < 0 ? [] : indexOf(this.x, i)
    this.worst = { index, analytic, numeric, absoluteError, relativeError, output: output() }
  }

  report(): GradientCheckInput {
    return { name: this.name, ok: this.ok, kinks: this.kinks.size, wrong: this.wrong.size, worst: this.worst }
  }
}

/** In the order of the first entries that differ; entries that are NaN equal all others. */
function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const i = b.findIndex((v, k) => !(v <= a[k] && v >= a[k]))
  return i >= 0 && !(b[i] < a[i])
}

/** The message of the error: every wrong input with its worst element and both numbers. */
export function explainFailure(problem: string | undefined, tallies: readonly Tally[]): string {
  const wrong = tallies.filter((t) => !t.ok)
  const lines = wrong.flatMap((t) => (t.worst ? [`  ${explainElement(t, t.worst)}`] : []))
  if (problem !== undefined) return [`checkGradients: ${problem}`, ...lines].join('\n')
  const what = wrong.length === 1 ? 'a gradient is wrong' : `${wrong.length} gradients are wrong`
  return [`checkGradients: ${what}`, ...lines].join('\n')
}

function explainElement({ name, silent }: Tally, worst: GradientCheckElement): string {
  const { index, analytic, numeric, absoluteError, relativeError, output } = worst
  const hint = silent
    ? '; nothing flows back to this input: is it detached, read with item() or rounded on the way?'
    : ''
  return (
    `${name} at [${index.join(', ')}]: analytic ${analytic}, numeric ${short(numeric)} ` +
    `(absolute error ${short(absoluteError)}, relative error ${short(relativeError)}) for ${output}${hint}`
  )
}

const short = (x: number): string => String(Number(x.toPrecision(6)))
