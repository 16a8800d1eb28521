/**
 * The routine kind: a kernel by hand with both derivative rules by hand, for what no formula, index map, monoid or
 * index string describes: sorting, gathering, factorising. The rules are written in other ops, so that higher orders
 * follow as everywhere.
 */
import type { Attrs, Dense, Operand, Spec } from '../value.ts'
import { type BatchedCall, type Call, callable, type Linear, type OpCommon } from './op.ts'

export interface RoutineDefinition extends OpCommon {
  readonly kind: 'routine'
  kernel(inputs: readonly Dense[], attrs: Attrs): Dense[]
  /** Attributes for one more run: the same, unless the kernel writes into them. */
  anew(attrs: Attrs): Attrs
}

export interface RoutineSource {
  readonly name: string
  infer(inputs: readonly Operand[], attrs: Attrs): Spec[]
  kernel(inputs: readonly Dense[], attrs: Attrs): Dense[]
  anew?(attrs: Attrs): Attrs
  vjp?(call: Call, cotangents: readonly Linear[], wanted: readonly boolean[]): Linear[]
  jvp?(call: Call, tangents: readonly Linear[]): Linear[]
  /** Null, as without a rule: sample by sample. */
  batch?(call: Omit<Call, 'outputs'>, batched: readonly boolean[]): BatchedCall | null
  /** Which inputs (and, as -1, outputs) the vjp reads; all where this is left out. */
  readonly reads?: readonly number[]
}

/** `call` is what a user calls: it makes the attributes and applies the op. */
export function routine<F extends object>(source: RoutineSource, call: F): RoutineDefinition & F {
  const definition: RoutineDefinition & { name: string } = {
    kind: 'routine',
    name: source.name,
    differentiable: source.vjp !== undefined,
    kernel: source.kernel,
    anew: source.anew ?? ((attrs) => attrs),
    infer: source.infer,
    vjp: source.vjp ?? ((made) => made.inputs.map(() => null)),
    jvp: source.jvp ?? ((made) => made.outputs.map(() => null)),
    reads: (i) => source.reads?.includes(i) ?? true,
    batch: source.batch ?? (() => null),
  }
  return callable(definition, call)
}
