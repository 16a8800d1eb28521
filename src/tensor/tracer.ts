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
  /** The elements of x become those of `value`, of the same shape. `by` is what the user called. */
  write(by: string, x: Tensor, value: Tensor): void
  /** A tensor that `fill` fills at every call, in the order in which it was traced. `fill` may change state of its own. */
  fill(label: string, shape: Shape, dtype: DType, fill: (out: TypedArray) => void): Tensor
  /** float64 tensors without dimensions, whose values are computed at every call. */
  scalars(label: string, count: number, compute: () => readonly number[]): Tensor[]
}

export const tracing: { tracer: Tracer | null } = { tracer: null }
