/**
 * An op is a function that carries its own definition. Called, it hands itself to its operands, who know what applying
 * means; looked at, it says what kind it is, which shape it returns, how it is differentiated and how it is batched.
 * Nobody asks for its name to decide anything.
 */
import { ArgumentError } from '../../errors/index.ts'
import type { Attrs, Operand, Spec, Value } from '../value.ts'
import type { ContractDefinition } from './contract.ts'
import type { ElementwiseDefinition } from './elementwise.ts'
import type { ReduceDefinition } from './reduce.ts'
import type { RoutineDefinition } from './routine.ts'
import type { ViewDefinition } from './view.ts'

/** One application of an op: what the tape keeps of it and what the derivative rules get to see. */
export interface Call {
  readonly inputs: readonly Operand[]
  readonly attrs: Attrs
  readonly outputs: readonly Value[]
}

/** A cotangent or tangent; null stands for zero. */
export type Linear = Value | null

/** The same op (or another one) for a whole batch: every batched operand has the batch as its first dimension. */
export interface BatchedCall {
  readonly op: Op
  readonly inputs: readonly Operand[]
  readonly attrs: Attrs
}

export interface OpCommon {
  readonly name: string
  /** Shapes and dtypes of the outputs, or the error that says why there are none. */
  infer(inputs: readonly Operand[], attrs: Attrs): Spec | Spec[]
  /**
   * Cotangents of the inputs, given those of the outputs. A rule returns the shape in which the operands met: the
   * engine undoes broadcasting and promotion. `wanted[i]` is false where nobody asks for the cotangent of input i.
   */
  vjp(call: Call, cotangents: readonly Linear[], wanted: readonly boolean[]): Linear[]
  /** Tangents of the outputs, given those of the inputs. */
  jvp(call: Call, tangents: readonly Linear[]): Linear[]
  /**
   * True where the vjp, for the cotangents that are wanted, reads the value of input i (or, for i = -1, of an output), so
   * that it must not change before.
   */
  reads(i: number, wanted: readonly boolean[]): boolean
  /** Null where the op has no rule: then it is applied to one sample after the other. */
  batch(call: Omit<Call, 'outputs'>, batched: readonly boolean[]): BatchedCall | null
  /** False where outputs are integers or flags by nature: nothing flows back through them. */
  readonly differentiable: boolean
}

export type Op = OpCommon &
  (ElementwiseDefinition | ViewDefinition | ReduceDefinition | ContractDefinition | RoutineDefinition)

/** Applies an op with one output to operands of which at least one is a value. */
export function apply<V extends Value>(op: Op, inputs: readonly (V | number)[], attrs: Attrs): V {
  return carrier(op, inputs).applyOp(op, inputs, attrs) as V
}

/** As `apply`, for ops with several outputs. */
export function applyAll<V extends Value>(op: Op, inputs: readonly (V | number)[], attrs: Attrs): V[] {
  const result = carrier(op, inputs).applyOp(op, inputs, attrs)
  return (Array.isArray(result) ? result : [result]) as V[]
}

function carrier(op: Op, inputs: readonly Operand[]): Value {
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]
    if (typeof input !== 'number') {
      if (typeof input?.applyOp === 'function') return input
      break
    }
  }
  const got = inputs.map((x) => (x === null ? 'null' : Array.isArray(x) ? 'an array' : typeof x)).join(', ')
  throw new ArgumentError(
    `${op.name}: takes tensors (numbers may stand beside them), got ${got}; wrap data with tensor(...)`,
  )
}

/** Makes a definition callable under its own name. */
export function callable<F extends object, D extends { name: string }>(definition: D, run: F): F & D {
  return Object.defineProperties(run, Object.getOwnPropertyDescriptors(definition)) as F & D
}
