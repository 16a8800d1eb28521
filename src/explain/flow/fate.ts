/** Why a parameter gets no gradient: what became of its value on the way to the loss. */
import type { Tensor } from '../../tensor/index.ts'
import { isFlat, type Use, type Values } from './values.ts'

export type Fate =
  /** The derivative follows its value to the loss. */
  | 'reached'
  /** No operation read it. */
  | 'unused'
  /** It was read inside of `noGrad`. */
  | 'noGrad'
  /** Its value went on through `detach()` or by being written into another tensor. */
  | 'detached'
  /** Its value went on through an operation whose results are integers or flags. */
  | 'notDifferentiable'
  /** Its value went on through an operation that is flat everywhere, such as rounding. */
  | 'flat'
  /** It was read, but what was made of it did not go into the loss. */
  | 'lost'
  /** No gradient arrived, and nobody looked why. */
  | 'unknown'

export interface FateReport {
  readonly fate: Fate
  /** The steps at which the derivative ended on the way to the loss. */
  readonly cuts: readonly Use[]
}

/** @param origins everything from which the loss was made. */
export function fateOf(x: Tensor, values: Values, roots: readonly Tensor[], origins: ReadonlySet<Tensor>): FateReport {
  const uses = values.uses(x).filter(({ application }) => !application.backward)
  if (uses.length === 0) return { fate: 'unused', cuts: [] }
  const { reached, cuts } = values.reach(x)
  if (roots.some((root) => root.tracked && reached.has(root))) return { fate: 'reached', cuts: [] }
  const leading = cuts.filter(({ application }) => application.outputs.some((y) => origins.has(y)))
  if (leading.length > 0) return { fate: kindOfCut(leading[0]), cuts: leading }
  const unrecorded = uses.filter(({ application }) => !application.recording)
  if (unrecorded.length === uses.length) return { fate: 'noGrad', cuts: unrecorded }
  return { fate: 'lost', cuts: uses }
}

function kindOfCut({ application: { op, how, recording }, slot }: Use): Fate {
  if (how === 'detached') return 'detached'
  if (!recording) return 'noGrad'
  if (op === null) return 'detached'
  return op.differentiable && isFlat(op, slot) ? 'flat' : 'notDifferentiable'
}
