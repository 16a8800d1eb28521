/** What the terminal is told of a run: the result, how large the gradients are, whether they are right. */
import { number } from './html.ts'
import { formatTime } from './progress.ts'
import type { Diverged, Ending, GradientCheckReport, GradientCheckRow, GradientNorms, TestReport } from './report.ts'

export const say = (line = ''): void => console.log(line)

/** One line: what happened, where, and what is likely to have done it. */
export function explainDivergence({ step, loss, of }: Diverged, lr: number): string {
  const what = of === 'training' ? `the loss is ${number(loss)}` : `the test loss after it is ${number(loss)}`
  return `diverged at step ${step}: ${what}; the learning rate is the likely cause, try one below --lr ${number(lr)}`
}

export function showResult({ confusion }: TestReport, seconds: number, how: Ending['how']): void {
  const right = confusion.reduce((n, row, k) => n + row[k], 0)
  const all = confusion.flat().reduce((n, k) => n + k, 0)
  const remark = how === 'stopped' ? ' (stopped early)' : how === 'diverged' ? ' (diverged)' : ''
  say(`test accuracy ${((100 * right) / all).toFixed(2)} % after ${formatTime(seconds)}${remark}`)
}

export function showNorms({ pictures, layers }: GradientNorms): void {
  const width = Math.max(...layers.map(({ layer }) => layer.length))
  say(`\ngradient norms of the loss on ${pictures} test pictures, layer by layer from output to input`)
  for (const { layer, parameters } of layers) {
    const norms = parameters.map(({ name, norm }) => `${name} ${number(norm, 3).padEnd(8)}`).join('  ')
    say(`  ${layer.padEnd(width)}  ${norms.trimEnd()}`)
  }
}

export function showCheck(check: GradientCheckReport | string): void {
  if (typeof check === 'string') {
    say(`\nno gradient check: ${check}`)
    return
  }
  const { rows, tolerance, absolute, pictures } = check
  const bounds = `to ${number(tolerance)} of the value, or ${number(absolute)}`
  say(`\ngradient check on ${pictures} of them against central differences in float64 (${bounds})`)
  for (const row of rows) {
    const share = `${String(row.checked).padStart(3)} of ${String(row.entries).padEnd(7)}`
    say(`  ${row.name.padEnd(9)} ${share} ${verdict(row)}`)
  }
}

function verdict({ worst, analytic, numeric, ok, dead }: GradientCheckRow): string {
  if (ok && dead) return 'zero: no gradient reaches this parameter'
  const values = `${number(analytic, 3)} against ${number(numeric, 3)}, ${number(Math.abs(analytic - numeric), 2)} apart`
  return `${ok ? 'right' : 'WRONG'}  worst at [${worst.join(', ')}]: ${values}`
}
