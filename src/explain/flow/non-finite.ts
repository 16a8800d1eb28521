/**
 * Where the first NaN or infinity of a pass comes from. A value that is not finite is followed back, element by element
 * where ops are elementwise, to the op that made it of finite ones. Infinities that do no harm, such as those of a mask,
 * are never met, because the search starts at a loss or a gradient that is not finite.
 */
import { toDense } from '../../backends/js/layout.ts'
import { isFloating } from '../../ops/dtype.ts'
import { evaluate } from '../../scalar/index.ts'
import { type Frame, firstNonFinite, frameOf, type Tensor } from '../../tensor/index.ts'
import { Locator } from '../graph/offsets.ts'
import { type Broken, brokenDerivative } from './broken-derivative.ts'
import type { Values } from './values.ts'
import type { Application, WalkBack } from './watch.ts'

/**
 * `data`: it was there before any operation. `singular`: an operand lies where the op (in backward, its derivative) has
 * none, but does right beside it, as a logarithm at 0. `domain`: the op is not defined around the operand. `overflow`: the
 * result is too large. `infinities`: NaN was made of an infinity that the program itself put there.
 */
export type Cause = 'data' | 'singular' | 'domain' | 'overflow' | 'infinities'

export interface NonFinite {
  readonly phase: 'forward' | 'backward'
  readonly cause: Cause
  /** The op, or null for data. */
  readonly op: string | null
  /** The key of the module or layer in which it was applied. */
  readonly where: string | null
  readonly source: Frame | undefined
  /** NaN, Infinity or -Infinity, and the element at which it stands: of the result, or of the operand of data and backward. */
  readonly value: number
  readonly index: readonly number[]
  /** How many elements of it are not finite, and how many there are. */
  readonly count: number
  readonly size: number
  /** The operands at that element, where the op is elementwise; else the operands' ranges are not told. */
  readonly operands: readonly OperandAt[]
  /** Where the branch was not taken whose derivative this is. */
  readonly untaken: Untaken | null
}

export interface OperandAt {
  /** Undefined for a number, and where nothing names it. */
  readonly name: string | undefined
  readonly value: number
}

/** A choice between operands that left out the elements at fault. */
export interface Untaken {
  /** True of a choice by a condition, as `where`; false of a function that is flat there, as `clamp`. */
  readonly conditional: boolean
  readonly op: string
  readonly source: Frame | undefined
  /** Elements for which the operand was left out, and how many there are. */
  readonly count: number
  readonly size: number
}

export interface Describe {
  where(application: Application): string | null
  name(x: Tensor): string | undefined
}

export function findNonFinite(
  roots: readonly Tensor[],
  walks: readonly WalkBack[],
  values: Values,
  describe: Describe,
): NonFinite | null {
  const root = roots.find((y) => firstNonFinite(y) >= 0)
  if (root) return report(originOf(root, values), describe)
  const visit = walks.find(({ broken }) => broken)?.broken
  const broken = visit ? brokenDerivative(visit, values) : null
  return broken && reportBroken(broken, describe)
}

/** The end of a search: the application that made the element, or the tensor that had it from the start. */
interface Origin {
  readonly application: Application | null
  readonly tensor: Tensor
  readonly index: number
  readonly cause: Cause
}

/** An element on the way back. */
interface Place {
  readonly tensor: Tensor
  readonly index: number
}

function originOf(root: Tensor, values: Values): Origin {
  const seen = new Set<Application>()
  let at: Place = { tensor: root, index: firstNonFinite(root) }
  /** Where NaN was made of infinities. */
  let crossing: Origin | null = null
  for (;;) {
    const application = values.makers(at.tensor).at(-1)
    const value = toDense(at.tensor)[at.index]
    if (!application || seen.has(application)) {
      if (crossing && !Number.isNaN(value)) return crossing
      return { application: null, ...at, cause: 'data' }
    }
    seen.add(application)
    const before = elementsBefore(application, at).filter((p) => !Number.isFinite(toDense(p.tensor)[p.index]))
    const next = chosen(before, value)
    if (!next) {
      const constant = application.inputs.some((x) => typeof x === 'number' && !Number.isFinite(x))
      if (constant) return crossing ?? { application, ...at, cause: 'infinities' }
      return { application, ...at, cause: causeOf(application, at) }
    }
    if (Number.isNaN(value) && !Number.isNaN(toDense(next.tensor)[next.index]))
      crossing ??= { application, ...at, cause: 'infinities' }
    at = next
  }
}

/** Of the elements that are not finite, the one that the result has come from. */
function chosen(places: readonly Place[], value: number): Place | undefined {
  const element = ({ tensor, index }: Place) => toDense(tensor)[index]
  return places.find((p) => Object.is(element(p), value)) ?? places.find((p) => Number.isNaN(element(p))) ?? places[0]
}

/** The elements that an element was made of; of ops that are not elementwise, the first of each operand that is not finite. */
function elementsBefore({ op, inputs, outputs }: Application, { tensor, index }: Place): Place[] {
  const operands = inputs.filter((x): x is Tensor => typeof x !== 'number' && isFloating(x.dtype))
  const elementwise = op === null || op.kind === 'elementwise'
  return operands.flatMap((x) => {
    const i = elementwise ? broadcastIndex(x, outputs[0] ?? tensor, index) : firstNonFinite(x)
    return i < 0 ? [] : [{ tensor: x, index: i }]
  })
}

/** Which element of x meets element i of a result. */
export function broadcastIndex(x: Tensor, y: Tensor, i: number): number {
  if (x.size === y.size) return i
  const coordinates = new Locator(y.shape).coordinates(i).slice(y.ndim - x.ndim)
  return x.shape.reduce((at, n, d) => at * n + (n === 1 ? 0 : coordinates[d]), 0)
}

/** How far beside an operand its neighbours are looked at, as a share of it or at least so much. */
const BESIDE = 1e-3

function causeOf(application: Application, { tensor, index }: Place): Cause {
  const { op } = application
  const value = toDense(tensor)[index]
  if (op?.kind !== 'elementwise') return Number.isNaN(value) ? 'singular' : 'overflow'
  const at = operandsAt(application, index)
  const finiteAt = (operands: readonly number[]) =>
    Number.isFinite(evaluate(op.formula, Object.fromEntries(op.args.map((name, i) => [name, operands[i]]))))
  // In the range of float64 it would have been a number.
  if (finiteAt(at)) return 'overflow'
  const beside = at.flatMap((x, i) => [-1, 1].map((sign) => at.with(i, x + sign * BESIDE * Math.max(1, Math.abs(x)))))
  if (beside.some(finiteAt)) return 'singular'
  return Number.isNaN(value) ? 'domain' : 'overflow'
}

const operandsAt = ({ inputs, outputs }: Application, index: number): number[] =>
  inputs.map((x) => (typeof x === 'number' ? x : toDense(x)[broadcastIndex(x, outputs[0], index)]))

function report({ application, tensor, index, cause }: Origin, describe: Describe): NonFinite {
  const elementwise = application?.op?.kind === 'elementwise'
  return {
    phase: 'forward',
    cause,
    op: application?.name ?? null,
    where: application ? describe.where(application) : (describe.name(tensor) ?? null),
    source: frameOf(application?.site),
    ...element(tensor, index),
    operands: application && elementwise ? named(application, operandsAt(application, index), describe) : [],
    untaken: null,
  }
}

function reportBroken(
  { application, slot, index, contribution, at, cause, untaken }: Broken,
  describe: Describe,
): NonFinite {
  return {
    phase: 'backward',
    cause,
    op: application.name,
    where: describe.where(application),
    source: frameOf(application.site),
    ...element(contribution, index),
    operands:
      at === null
        ? named({ ...application, inputs: [application.inputs[slot]] }, [], describe)
        : named(application, operandsAt(application, at), describe),
    untaken: untaken && {
      conditional: untaken.conditional,
      op: untaken.application.name,
      source: frameOf(untaken.application.site),
      count: untaken.count,
      size: untaken.size,
    },
  }
}

const named = ({ inputs }: Pick<Application, 'inputs'>, at: readonly number[], describe: Describe): OperandAt[] =>
  at.map((value, i) => ({ name: typeof inputs[i] === 'number' ? undefined : describe.name(inputs[i]), value }))

function element(x: Tensor, i: number): Pick<NonFinite, 'value' | 'index' | 'count' | 'size'> {
  const data = toDense(x)
  let count = 0
  for (const v of data) if (!Number.isFinite(v)) count++
  return { value: data[i], index: new Locator(x.shape).coordinates(i), count, size: x.size }
}
