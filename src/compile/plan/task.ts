/**
 * What a graph is taken apart into before it is fused: loops, products and JavaScript on arrays, over values that are
 * numbered as in the graph (with temporary ones behind them). A task writes whole new values, or places in one that is
 * there already (`onto`), whose memory the result then takes over.
 */
import type { Axes } from '../../backends/kernels.ts'
import type { DType, Shape, TypedArray } from '../../ops/value.ts'
import type { Scalar } from '../../scalar/index.ts'
import type { Access, Operand, ValueId } from '../graph/graph.ts'

export type Precision = 'float32' | 'float64'

/** Where a loop leaves its values: per dimension of its shape one stride, 0 along those that it folds. */
export interface Target {
  readonly value: ValueId
  readonly strides: readonly number[]
  readonly offset: number
  readonly dtype: DType
}

/** How the values of a loop are joined, in the arguments `acc` and `x`. */
export interface Monoid {
  readonly combine: Scalar
  readonly identity: number | undefined
}

/** One formula at every point of a shape; folded over some of its dimensions if there is a monoid. */
export interface LoopTask {
  readonly is: 'loop'
  readonly label: string
  readonly shape: Shape
  /** Whether each dimension is folded away. */
  readonly folded: readonly boolean[]
  readonly monoid: Monoid | null
  readonly formula: Scalar
  /** The formula's arguments, and what they stand for: accesses of that very shape, or numbers. */
  readonly names: readonly string[]
  readonly args: readonly Operand[]
  readonly target: Target
  /** The value whose places are written, the others staying as they are. */
  readonly onto: ValueId | null
  readonly precision: Precision
  /** A value that is to be there before, though it is not read. */
  readonly after: ValueId | null
  /** That of the node: what a checkpoint computes again stays out of the kernels that computed it first. */
  readonly scope: number
}

export interface ProductTask {
  readonly is: 'product'
  readonly label: string
  readonly a: Access
  readonly b: Access
  readonly output: ValueId
  /** The value in whose places the product goes, from `offset` on. */
  readonly onto: ValueId | null
  readonly offset?: number
  /** Whether it is added to what is there. */
  readonly adds?: boolean
  readonly precision: Precision
  readonly batch: Axes
  readonly rows: Axes
  readonly columns: Axes
  readonly summed: Axes
}

export interface HostTask {
  readonly is: 'host'
  readonly label: string
  readonly reads: readonly Access[]
  readonly outputs: readonly ValueId[]
  readonly onto: null
  /** Values that are read while the outputs are written, which therefore must lie elsewhere. */
  readonly apart: readonly ValueId[]
  /** Beside its outputs: it may throw, or it changes JavaScript state, as a generator of random numbers or a counter does. */
  readonly effect: 'none' | 'throws' | 'acts'
  /** Gets the arrays of the values that are read. */
  run(reads: readonly TypedArray[], writes: readonly TypedArray[]): void
}

export type Task = LoopTask | ProductTask | HostTask

export const isAccess = (x: Operand): x is Access => typeof x !== 'number'

/** The views that a task reads, but for the value it writes onto. */
export function readsOf(task: Task): readonly Access[] {
  if (task.is === 'loop') return task.args.filter(isAccess)
  return task.is === 'product' ? [task.a, task.b] : task.reads
}

export function outputsOf(task: Task): readonly ValueId[] {
  if (task.is === 'loop') return [task.target.value]
  return task.is === 'product' ? [task.output] : task.outputs
}
