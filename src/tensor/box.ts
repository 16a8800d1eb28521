/**
 * How transforms see operations. While `grad`, `jvp` or `vmap` works on a function, the function's arguments are boxed
 * tensors: a value of the level below with what the transform adds to it. Applying an op to boxed tensors is the
 * business of the interpreter of the highest level among them, which ends in applications one level further out.
 */
import type { Op } from '../ops/kinds/op.ts'
import type { Attrs } from '../ops/value.ts'
import type { Tensor } from './tensor.ts'

export interface Interpreter {
  readonly level: number
  apply(op: Op, inputs: readonly (Tensor | number)[], attrs: Attrs): Tensor | Tensor[]
  /** A value of the level below as this level sees it when it has nothing to add: no derivative, but its batch. */
  constant(value: Tensor): Tensor
  /** False where a box stands for many values at once, so that none of them can be read or written. */
  readonly single: boolean
}

export interface Box {
  readonly interpreter: Interpreter
  /** The value at the level below. */
  readonly value: Tensor
  /** What forward mode carries along; null stands for zero. */
  readonly tangent: Tensor | null
}
