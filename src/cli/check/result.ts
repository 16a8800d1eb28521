/** What is known of an export after its check, as plain data. */
import type { GradientCheckElement, GradientCheckInput } from '../../errors/index.ts'
import type { ScriptPlace } from '../script/script-error.ts'
import type { Arguments, Input } from './arguments.ts'
import type { Finding } from './compare.ts'
import { problemOf } from './place.ts'
import type { Subject } from './subjects.ts'

export interface CheckedInput {
  readonly name: string
  /** Null for a cotangent, by which second derivatives are taken as well. */
  readonly shape: readonly number[] | null
  readonly isParameter: boolean
  readonly kinks: number
  /** How many elements are wrong; null where there are too many to find them. */
  readonly wrong: number | null
  readonly worst: GradientCheckElement | null
}

export interface Problem {
  readonly text: string
  /** Where in the script an error came from. */
  readonly place: ScriptPlace | null
}

export interface CheckedExport {
  readonly name: string
  /** `square(x)`, or the name of a module. */
  readonly title: string
  /** Unchecked is what could not be run at all. */
  readonly verdict: 'right' | 'wrong' | 'unchecked'
  /** The order up to which derivatives are right, or of those that are wrong. */
  readonly order: 1 | 2
  readonly mode: 'full' | 'fast'
  readonly evaluations: number
  /** Where the arguments come from: `given`, `random`. */
  readonly origin: string
  readonly inputs: readonly CheckedInput[]
  /** What is wrong with it as a whole, or why it could not be checked. */
  readonly problem: Problem | null
  readonly notes: readonly string[]
}

export function unchecked({ name, title }: Subject, problem: Problem, origin = ''): CheckedExport {
  const nothing = { order: 1, mode: 'full', evaluations: 0, inputs: [], notes: [] } as const
  return { name, title, verdict: 'unchecked', ...nothing, origin, problem }
}

/** What the check has found, in the names of the script. */
export function checkedExport(
  { name, title }: Subject,
  { origin }: Arguments,
  inputs: readonly Input[],
  finding: Finding,
  { mode, outputs }: { readonly mode: 'full' | 'fast'; readonly outputs: number },
): CheckedExport {
  const { order, evaluations } = finding
  const about = { name, title, order, mode, evaluations, origin, notes: [] }
  // Where each input was checked by itself, it is the only one that has a number.
  const numbered = (k: number) => (finding.is === 'unlocated' ? [inputs[k]] : inputs)
  const list = (found: readonly Found[]) =>
    found.map((one, k) => checkedInput(one, inputs[k], numbered(k), outputs === 1))
  const untold = inputs.map(() => UNTOLD)
  switch (finding.is) {
    case 'refused':
    case 'threw': {
      const problem = problemOf(finding.error, finding.is === 'threw' ? 'it throws ' : '')
      return { ...about, verdict: 'unchecked', inputs: list(untold), problem }
    }
    case 'broken':
      return { ...about, verdict: 'wrong', inputs: list(untold), problem: problemOf(finding.error, broken[order]) }
    case 'unlocated': {
      const isSome = finding.inputs.some((one) => one === 'wrong' || !one.ok)
      const problem = isSome ? null : { text: unlocated[order], place: null }
      return { ...about, verdict: 'wrong', inputs: list(finding.inputs), problem }
    }
    case 'compared': {
      const { report } = finding
      const text = report.problem && namesIn(report.problem, inputs)
      const problem = text ? { text, place: null } : null
      return { ...about, verdict: report.ok ? 'right' : 'wrong', inputs: list(report.inputs), problem }
    }
  }
}

const broken = {
  1: 'its derivative fails: ',
  2: 'it cannot be differentiated twice (--order 1 leaves that out): ',
}

const lost = 'is wrong along a random direction, and there are too many elements to look at each; --mode full does'
const unlocated = { 1: `the derivative ${lost}`, 2: `the second derivative ${lost}` }

type Found = GradientCheckInput | 'wrong'

const UNTOLD: Found = { name: '', ok: true, kinks: 0, wrong: 0, worst: null }
const UNKNOWN = { name: '', kinks: 0, wrong: null, worst: null }

/** Those that come after the function's own are cotangents. */
function checkedInput(
  found: Found,
  input: Input | undefined,
  inputs: readonly Input[],
  isSingle: boolean,
): CheckedInput {
  const { name, kinks, wrong, worst } = found === 'wrong' ? UNKNOWN : found
  return {
    name: input?.name ?? name,
    shape: input?.tensor.shape ?? null,
    isParameter: input?.isParameter ?? false,
    kinks,
    wrong,
    worst: worst && { ...worst, output: resultName(namesIn(worst.output, inputs), isSingle) },
  }
}

/** What the check calls by number has a name here. */
const namesIn = (text: string, inputs: readonly Input[]): string =>
  text.replace(/inputs\[(\d+)\]/g, (all, k) => inputs[k]?.name ?? all)

/** Of a single output its element says all: `[0, 1]`. */
const resultName = (text: string, isSingle: boolean): string =>
  (isSingle ? text.replace(/^output 0 at /, '') : text).replace(/^the /, '')
