/** Checks everything that a script exports. */
import { didYouMean, nearest } from '../../explain/formula/nearest.ts'
import { ScriptError } from '../script/script-error.ts'
import { type Arguments, checkGivenNames, givenArguments, InputsError, inDType, inputsOf } from './arguments.ts'
import { combined } from './combine.ts'
import { compare } from './compare.ts'
import { attempt, guessArguments, type Trial } from './guess.ts'
import { calm, settle } from './modules.ts'
import { notesOn } from './notes.ts'
import { problemOf } from './place.ts'
import { muted, type Progress } from './progress.ts'
import { type CheckedExport, checkedExport, type Problem, unchecked } from './result.ts'
import { type Exports, INPUTS, type Skipped, type Subject, sortExports } from './subjects.ts'

/** What is asked for; plain data, so that it can be sent to the process of a script. */
export interface CheckSettings {
  /** The names of the exports to be checked; all of them, if there are none. */
  readonly names: readonly string[]
  /** Null leaves it to the number of elements. */
  readonly order: 1 | 2 | null
  readonly mode: 'full' | 'fast' | null
  readonly seed: number
}

export interface Checked {
  readonly exports: readonly CheckedExport[]
  readonly skipped: readonly Skipped[]
}

/**
 * Up to so many elements every one of them is looked at, and second derivatives are taken, unless asked for otherwise.
 * Of a larger Jacobian only the combination of its rows is looked at.
 */
const MOST = { full: 1000, second: 3000, jacobian: 5e6 }

/** @throws ScriptError where nothing is exported that could be checked. */
export function checkExports(exports: Exports, path: string, settings: CheckSettings, progress: Progress): Checked {
  const { subjects, skipped } = choose(exports, path, settings.names)
  try {
    checkGivenNames(exports)
    const checked = subjects.map((subject) => muted(() => checkSubject(subject, exports, settings, progress)))
    return { exports: checked, skipped }
  } catch (error) {
    throw error instanceof InputsError ? new ScriptError('task', `${path}: ${error.message}`) : error
  } finally {
    progress.end()
  }
}

function choose(exports: Exports, path: string, names: readonly string[]) {
  const found = sortExports(exports)
  const known = Object.keys(exports).filter((name) => name !== INPUTS)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    const meant = didYouMean(nearest(unknown, known))
    const list = known.length === 0 ? 'it exports nothing' : `its exports are ${known.join(', ')}`
    throw new ScriptError('task', `${path}: there is no export '${unknown}'${meant}; ${list}`)
  }
  const wanted = ({ name }: { readonly name: string }) => names.length === 0 || names.includes(name)
  const [subjects, skipped] = [found.subjects.filter(wanted), found.skipped.filter(wanted)]
  if (subjects.length > 0) return { subjects, skipped }
  const remedy =
    'chainrule check looks at the functions and modules that a script exports: export function f(x) { ... }'
  const what = skipped.map(({ name, why }) => `${name} is ${why}`).join(', ')
  throw new ScriptError(
    'task',
    `${path}: ${what ? `there is nothing to check: ${what}` : 'it exports nothing'}; ${remedy}`,
  )
}

function checkSubject(subject: Subject, exports: Exports, settings: CheckSettings, progress: Progress): CheckedExport {
  const restore = settle(subject)
  try {
    const args = argumentsFor(subject, exports, settings.seed)
    if ('text' in args) return unchecked(subject, args)
    const trial = attempt(subject, args.values)
    // What rounds to float32 inside is to be judged as float32, and so it is if its inputs are.
    if (trial.is !== 'ran' || isSharp(trial)) return checkWith(subject, args, trial, settings, progress)
    subject.module?.to('float32')
    const coarse = inDType(args, 'float32')
    return checkWith(subject, coarse, attempt(subject, coarse.values), settings, progress)
  } finally {
    restore()
  }
}

const isSharp = (trial: Ran): boolean => trial.dtypes.every((dtype) => dtype === 'float64')

type Ran = Extract<Trial, { is: 'ran' }>

/** The arguments that are given, or else found; or why there are none. */
function argumentsFor(subject: Subject, exports: Exports, seed: number): Arguments | Problem {
  const given = givenArguments(exports, subject)
  if (given) return given
  if (subject.signature.isLater)
    return { text: 'it does not return its result at once (it is async or a generator), as it must', place: null }
  return guessArguments(subject, seed)
}

function checkWith(
  subject: Subject,
  args: Arguments,
  trial: Trial,
  settings: CheckSettings,
  progress: Progress,
): CheckedExport {
  const problem = problemWith(subject, args, trial)
  if (problem || trial.is !== 'ran') return unchecked(subject, problem!, args.origin)
  const isCalmed = calm(subject, args.values)
  const inputs = inputsOf(subject, args)
  const size = inputs.reduce((sum, { tensor }) => sum + tensor.size, 0)
  const order = settings.order ?? (size > MOST.second ? 1 : 2)
  const mode = settings.mode ?? (size > MOST.full ? 'fast' : 'full')
  progress.begin(subject.name, runsOf(order, mode === 'full' ? size : inputs.length, trial.size))
  const run = () => {
    progress.step()
    return subject.call(...args.values)
  }
  const isCombined = trial.size > 1 && size * trial.size > MOST.jacobian
  const finding = compare(
    isCombined ? combined(run, settings.seed) : run,
    inputs.map(({ tensor }) => tensor),
    { order, mode, seed: settings.seed, isSharp: isSharp(trial) },
  )
  const checked = checkedExport(subject, args, inputs, finding, { mode, outputs: isCombined ? 1 : trial.dtypes.length })
  return { ...checked, notes: notesOn(checked, { size, isCalmed, isCombined, settings, isSharp: isSharp(trial) }) }
}

function problemWith(subject: Subject, args: Arguments, trial: Trial): Problem | null {
  if (trial.is === 'threw') return problemOf(trial.error, 'it throws ')
  const none = inputsOf(subject, args).length === 0 ? 'it takes no floating point tensor to differentiate by' : null
  const text = trial.is === 'unfit' ? trial.why : none
  return text === null ? null : { text, place: null }
}

/** About how often the function will run: for each number twice, and a few times as a whole. */
const runsOf = (order: number, inputs: number, outputs: number): number =>
  2 * inputs + 2 + (order === 1 ? 0 : 2 * inputs + 2 + 2 * (inputs + outputs) + 3)
