/**
 * The routine kind: a kernel by hand with both derivative rules by hand, for what no formula, index map, monoid or
 * index string describes: sorting, gathering, factorising. The rules are written in other ops, so that higher orders
 * follow as everywhere.
 */
import type { Attrs, Dense, Operand, Spec, Value } from '../value.ts'
import { type BatchedCall, type Call, callable, type Linear, type OpCommon } from './op.ts'

export interface RoutineDefinition extends OpCommon {
  readonly kind: 'routine'
  kernel(inputs: readonly Dense[], attrs: Attrs): Dense[]
  /** The results by other ops, where the kernel is a program of the user's; undefined where it is not. */
  compose?(inputs: readonly Operand[], attrs: Attrs): Value[]
  /**
   * What the op does at the positions that an index gives along dimension `attrs.dim`, if that is all it does: it reads
   * the element of input 0 (the index is input 1), or adds input 1 to zeros of `attrs.shape` or to input 2 (the index is
   * input 0); each element has an index of its own, or each row along the dimension has one.
   */
  readonly indexing?: 'reads' | 'adds' | 'reads rows' | 'adds rows'
  /** Puts its inputs one after the other along dimension `attrs.dim`. */
  readonly joins?: boolean
  /** The kernel never throws. */
  readonly total: boolean
  /** Attributes for one more run: the same, unless the kernel writes into them. */
  anew(attrs: Attrs): Attrs
}

export interface RoutineSource {
  readonly name: string
  infer(inputs: readonly Operand[], attrs: Attrs): Spec[]
  kernel(inputs: readonly Dense[], attrs: Attrs): Dense[]
  compose?(inputs: readonly Operand[], attrs: Attrs): Value[]
  readonly indexing?: RoutineDefinition['indexing']
  readonly joins?: boolean
  readonly total?: boolean
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
    compose: source.compose,
    indexing: source.indexing,
    joins: source.joins,
    total: source.total ?? false,
    anew: source.anew ?? ((attrs) => attrs),
    infer: source.infer,
    vjp: source.vjp ?? ((made) => made.inputs.map(() => null)),
    jvp: source.jvp ?? ((made) => made.outputs.map(() => null)),
    reads: (i) => source.reads?.includes(i) ?? true,
    batch: source.batch ?? (() => null),
  }
  return callable(definition, call)
}
