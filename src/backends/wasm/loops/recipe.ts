/**
 * What a loop kernel computes, as one list of scalar steps: the formulas of all its steps put into one another, equal
 * parts once. Arguments of the list are the operands, then the results of the folds.
 *
 * The rank of a step says how many folds stand one behind the other before it: a value of rank 2 needs the row's values
 * of rank 1, folded, so it can be known in the third pass over the row at the earliest.
 */
import { ArgumentError } from '../../../errors/index.ts'
import { arg, fold, type Intrinsic, lower, type Scalar, type Step } from '../../../scalar/index.ts'
import type { LoopKernel, LoopStep } from '../../kernels.ts'
import { keyOf, mergeBranches, type Steps, TOO_MANY } from '../merge.ts'

export interface Fold {
  /** The step that is folded. */
  readonly of: number
  /** Its arguments: what has been joined so far, and the next value. */
  readonly combine: Steps
  readonly identity: number
  /** Whether it is a sum. */
  readonly sums: boolean
  readonly extreme: Extreme | undefined
}

/** A maximum or a minimum, and what it starts from. */
export interface Extreme {
  readonly largest: boolean
  readonly start: number
}

export interface Recipe {
  /** Argument i is operand i, or fold i less the number of operands. */
  readonly steps: readonly Step[]
  readonly rank: readonly number[]
  readonly folds: readonly Fold[]
  /** Per write the step that is written. */
  readonly writes: readonly number[]
}

const known = new WeakMap<LoopKernel, Recipe>()

export function recipeOf(kernel: LoopKernel): Recipe {
  const made = known.get(kernel) ?? makeRecipe(kernel)
  known.set(kernel, made)
  return made
}

/** The formulas put into one another, before anything is made of them. */
interface Flat {
  readonly folds: readonly FoldStep[]
  /** Roots are what is folded, then what is written. */
  readonly program: Steps
}

const flattened = new WeakMap<LoopKernel, Flat>()

function flatten(kernel: LoopKernel): Flat {
  const known = flattened.get(kernel)
  if (known) return known
  const { values, folds } = substituted(kernel.steps)
  const args = [...kernel.reads.map((_, i) => `r${i}`), ...folds.map((_, i) => foldName(i))]
  const roots = [...folds.map((f) => f.of), ...kernel.writes.map((w) => values[w.step])]
  const made: Flat = { folds, program: lower(roots, args) }
  flattened.set(kernel, made)
  return made
}

/** Equal for kernels that one function can serve. */
export function loopKey(kernel: LoopKernel): string {
  const { sizes, folded, dtype, reads, writes } = kernel
  const { folds, program } = flatten(kernel)
  const written = ({ steps, roots }: Steps) => `${steps.map(keyOf).join(' ')} > ${roots}`
  return [
    `${dtype} ${sizes} ${folded}`,
    ...reads.map((r) => `${r.dtype} ${r.strides}`),
    ...writes.map((w) => `${w.dtype} ${w.strides} ${w.over}`),
    ...folds.map((f) => `${f.identity} ${Object.is(f.identity, -0)} ${written(lower([f.combine], ['acc', 'x']))}`),
    written(program),
  ].join('; ')
}

function makeRecipe(kernel: LoopKernel): Recipe {
  const { folds, program } = flatten(kernel)
  const foldRoots = ({ roots }: Steps) => roots.slice(0, folds.length)
  // What stands in a fold must not come to depend on the fold's result.
  const ranksOf = (of: Steps) => ranks(of.steps, kernel.reads.length, foldRoots(of))
  const merged = program.steps.length <= TOO_MANY ? mergeBranches(program, ranksOf) : program
  const of = foldRoots(merged)
  return {
    steps: merged.steps,
    rank: ranksOf(merged),
    folds: folds.map((f, i) => ({
      of: of[i],
      combine: lower([f.combine], ['acc', 'x']),
      identity: identityOf(f),
      sums: isPlain(f.combine, 'add'),
      extreme: extremeOf(f),
    })),
    writes: merged.roots.slice(folds.length),
  }
}

type FoldStep = Extract<LoopStep, { is: 'fold' }>

const foldName = (i: number): string => `f${i}`

/** Every step's value as a formula of operands and folds alone. */
function substituted(steps: readonly LoopStep[]): { values: Scalar[]; folds: FoldStep[] } {
  const values: Scalar[] = []
  const folds: FoldStep[] = []
  const done = new Map<Scalar, Scalar>()
  const inline = (formula: Scalar): Scalar =>
    fold(
      formula,
      (s: Scalar, of: Scalar[]): Scalar => {
        if (s.is === 'call') return { ...s, of }
        return s.is === 'arg' && s.name.startsWith('s') ? values[Number(s.name.slice(1))] : s
      },
      done,
    )
  for (const step of steps) {
    if (step.is === 'map') values.push(inline(step.formula))
    else {
      values.push(arg(foldName(folds.length)))
      folds.push({ ...step, of: inline(step.of) })
    }
  }
  return { values, folds }
}

/** Whether the monoid is one function of both. */
const isPlain = (combine: Scalar, fn: Intrinsic): boolean =>
  combine.is === 'call' && combine.fn === fn && combine.of.every(({ is }) => is === 'arg')

function extremeOf({ combine, identity }: FoldStep): Extreme | undefined {
  const largest = isPlain(combine, 'max')
  if (!largest && !isPlain(combine, 'min')) return undefined
  return { largest, start: identity ?? (largest ? -Infinity : Infinity) }
}

/** Without an identity a fold starts from its first element, which for extremes is the same as from an infinity. */
function identityOf(step: FoldStep): number {
  const found = step.identity ?? extremeOf(step)?.start
  if (found !== undefined) return found
  throw new ArgumentError('emitLoop: a fold without an identity must be a maximum or a minimum; give it an identity')
}

/** A fold's steps stand before the argument that is its result. */
function ranks(steps: readonly Step[], operands: number, folded: readonly number[]): number[] {
  const rank: number[] = []
  for (const step of steps) {
    if (step.is === 'call') rank.push(Math.max(...step.of.map((k) => rank[k])))
    else rank.push(step.is === 'const' || step.at < operands ? 0 : 1 + rank[folded[step.at - operands]])
  }
  return rank
}
