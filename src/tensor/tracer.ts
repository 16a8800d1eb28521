/**
 * Tracing: while a tracer is set, nothing at level 0 is computed. Operations, changes in place, random draws and scalars
 * of the host go to the tracer, which writes down what is to be done at every call of the compiled function. Everything
 * above (the tape, backward, transforms, modules, optimizers) works as always, on tensors whose elements are not there.
 */
import type { Op } from '../ops/kinds/op.ts'
import type { Attrs, DType, Shape, Spec, TypedArray } from '../ops/value.ts'
import type { Tensor } from './tensor.ts'

export interface Tracer {
  /** One tensor per spec. */
  apply(op: Op, inputs: readonly (Tensor | number)[], attrs: Attrs, specs: readonly Spec[]): Tensor[]
  /** A view of x is made, which is no op applied. */
  meet(x: Tensor): void
  /** Whether all tensors among the operands are small and made from data of the program itself, so that an op is applied at once. */
  known(inputs: readonly (Tensor | number)[]): boolean
  /** Whether the elements of x cannot be read before the call. */
  hides(x: Tensor): boolean
  /** The elements of x: an array every access to which is an error where they are hidden. */
  elements(x: Tensor): TypedArray
  /** The elements of x become those of `value`, of the same shape. `by` is what the user called. */
  write(by: string, x: Tensor, value: Tensor): void
  /** A tensor that `fill` fills at every call, in the order in which it was traced. `fill` may change state of its own. */
  fill(label: string, shape: Shape, dtype: DType, fill: (out: TypedArray) => void): Tensor
  /**
   * float64 tensors without dimensions, whose values are computed at every call. The trace is used only while `holds`
   * returns true.
   */
  scalars(label: string, count: number, compute: () => readonly number[], holds?: () => boolean): Tensor[]
  /** x was made once and lives on from call to call, as the state of an optimizer does; what was made otherwise is made anew. */
  keep(x: Tensor): void
  /** The trace is used only while `holds` returns true; it is asked before every call. */
  guard(holds: () => boolean): void
  /** As `guard`, for what can only change when `tracing.epoch` moves on: it is asked after that. */
  guardRarely(holds: () => boolean): void
  /** The gradient of x is about to be read, or replaced; `current` is what it is now. */
  gradient(x: Tensor, current: Tensor | null, replaced: boolean): void
  /** Runs fn, which may be run again: with the same random numbers, as computations of their own. */
  repeatable<T>(fn: () => T): { readonly result: T; again<R>(fn: () => R): R }
}

export const tracing: {
  tracer: Tracer | null
  /** Moves on whenever something changes that traces depend on, but that is too dear to ask for at every call. */
  epoch: number
} = { tracer: null, epoch: 0 }
