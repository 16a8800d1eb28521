/** One function or module and its arguments: are its first derivatives right, and their derivatives? */
import { checkGradients } from '../../autodiff/index.ts'
import type { GradientCheckInput, GradientCheckReport } from '../../errors/index.ts'
import type { Tensor } from '../../tensor/index.ts'

export interface Depth {
  readonly order: 1 | 2
  readonly mode: 'full' | 'fast'
  readonly seed: number
  /** Whether all results are float64, in which much smaller steps can be taken than usual. */
  readonly isSharp: boolean
}

export type Finding = { readonly order: 1 | 2; readonly evaluations: number } & (
  | { readonly is: 'compared'; readonly report: GradientCheckReport }
  /** These inputs cannot be checked. */
  | { readonly is: 'refused'; readonly error: unknown }
  /** The function itself threw. */
  | { readonly is: 'threw'; readonly error: unknown }
  /** The function ran, its derivative threw. */
  | { readonly is: 'broken'; readonly error: unknown }
  /** A random direction does not fit, and there are too many elements to look at each. */
  | { readonly is: 'unlocated'; readonly inputs: readonly (GradientCheckInput | 'wrong')[] }
)

/** Compares first derivatives and, if those are right and it is asked for, the derivatives of them. */
export function compare(f: () => unknown, inputs: readonly Tensor[], depth: Depth): Finding {
  const first = compareTo(1, f, inputs, depth)
  if (depth.order === 1 || first.is !== 'compared' || !first.report.ok) return first
  const second = compareTo(2, f, inputs, depth)
  return { ...second, evaluations: first.evaluations + second.evaluations }
}

/** In fast mode, what is wrong is looked for by so many runs; one direction per input takes fewer than the lesser number. */
const RUNS = { most: 5000, least: 100 }
/** A step along a direction moves all elements, and may cross a kink of a large network, a smaller one less often. */
const STEPS = [undefined, 1e-8, 1e-9]

function compareTo(order: 1 | 2, f: () => unknown, inputs: readonly Tensor[], depth: Depth): Finding {
  if (depth.mode === 'full') return attempt(order, f, inputs, depth, Number.POSITIVE_INFINITY)
  const elements = inputs.reduce((sum, x) => sum + x.size, 0)
  const most = 2 * order * elements < RUNS.most ? RUNS.most : RUNS.least * inputs.length
  const finding = attemptSteps(order, f, inputs, depth, most)
  return finding.is === 'unlocated' ? locate(finding, f, inputs, depth) : finding
}

/** With one step after the other, until what is found is known to be so. */
function attemptSteps(order: 1 | 2, f: () => unknown, inputs: readonly Tensor[], depth: Depth, most: number): Finding {
  let evaluations = 0
  let finding: Finding | undefined
  for (const [k, eps] of (depth.isSharp ? STEPS : STEPS.slice(0, 1)).entries()) {
    finding = attempt(order, f, inputs, { ...depth, seed: depth.seed + k }, most, eps)
    evaluations += finding.evaluations
    if (finding.is !== 'unlocated') break
  }
  return { ...finding!, evaluations }
}

/** Each input by itself: which of them are wrong, and at which elements those that have few. */
function locate(finding: Finding, f: () => unknown, inputs: readonly Tensor[], depth: Depth): Finding {
  let { order, evaluations } = finding
  const found = inputs.map((x): GradientCheckInput | 'wrong' => {
    const share = RUNS.most / inputs.length
    const alone = attemptSteps(order, f, [x], depth, 2 * order * x.size < share ? share : RUNS.least)
    evaluations += alone.evaluations
    return alone.is === 'compared' ? alone.report.inputs[0] : 'wrong'
  })
  return { is: 'unlocated', order, evaluations, inputs: found }
}

function attempt(
  order: 1 | 2,
  f: () => unknown,
  inputs: readonly Tensor[],
  { mode, seed }: Depth,
  most: number,
  eps?: number,
): Finding {
  const tooMany = new Error('too many runs')
  let thrown: { readonly error: unknown } | undefined
  let runs = 0
  const watched = (): unknown => {
    if (++runs > most) throw tooMany
    try {
      return f()
    } catch (error) {
      thrown = { error }
      throw error
    }
  }
  try {
    const report = checkGradients(watched, inputs, { order, mode, seed, eps })
    return { is: 'compared', order, evaluations: report.evaluations, report }
  } catch (error) {
    if (error === tooMany) return { is: 'unlocated', order, evaluations: runs, inputs: [] }
    const is = runs === 0 ? 'refused' : thrown?.error === error ? 'threw' : 'broken'
    return { is, order, evaluations: runs, error }
  }
}
