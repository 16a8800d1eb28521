/**
 * A traced function as data: values and the nodes that make them, in the order in which they were traced. A value is
 * the whole content of one storage at one time; what an op reads is a strided view of it, so that views are no nodes.
 * Writing in place makes a new value of the same storage. Nothing here knows tensors: passes rewrite graphs into graphs.
 */
import type { Op } from '../../ops/kinds/op.ts'
import type { Attrs, DType, Shape, Spec, TypedArray } from '../../ops/value.ts'

/** The number of a value in its graph. */
export type ValueId = number

export interface ValueInfo {
  readonly dtype: DType
  /** Elements. */
  readonly size: number
  readonly origin: Origin
}

/** Where a value comes from. */
export type Origin =
  /** Argument `index` of the function, row-major; handed in at every call. */
  | { readonly is: 'input'; readonly index: number }
  /** What state `index` (parameters, buffers, state of optimizers) holds when the call begins. */
  | { readonly is: 'state'; readonly index: number }
  /** Known while tracing. */
  | { readonly is: 'constant'; readonly data: TypedArray }
  /** Result `output` of a node. */
  | { readonly is: 'node'; readonly output: number }

/** A strided view of a value: element (i, j, ...) is number `offset + i * strides[0] + j * strides[1] + ...`. */
export interface Access {
  readonly value: ValueId
  readonly shape: Shape
  readonly strides: readonly number[]
  readonly offset: number
  readonly dtype: DType
}

export type Operand = Access | number

/** An op applied; the outputs are dense, in row-major order. */
export interface ApplyNode {
  readonly is: 'apply'
  readonly op: Op
  readonly attrs: Attrs
  readonly inputs: readonly Operand[]
  readonly outputs: readonly ValueId[]
  /** One per output. */
  readonly specs: readonly Spec[]
  /**
   * Nodes of different scopes never become one: a checkpoint computes the same thing again on purpose. 0 outside of all.
   */
  readonly scope: number
}

/** The elements of `target` (a view of the value before) become those of `source`, of the same shape; the rest stays. */
export interface WriteNode {
  readonly is: 'write'
  readonly target: Access
  readonly source: Access
  readonly outputs: readonly [ValueId]
}

/**
 * JavaScript that runs at every call, in the order in which it was traced and before it is needed: scalars of an
 * optimizer's step, random numbers. It may change JavaScript state, so it is never dropped, moved across another host
 * node or merged.
 */
export interface HostNode {
  readonly is: 'host'
  readonly label: string
  readonly outputs: readonly ValueId[]
  readonly specs: readonly Spec[]
  /** Fills the outputs. */
  run(outputs: readonly TypedArray[]): void
}

export type Node = ApplyNode | WriteNode | HostNode

export interface Graph {
  readonly values: readonly ValueInfo[]
  /** Each reads only values of earlier ones. */
  readonly nodes: readonly Node[]
  /** Per state, its value when the call ends; the value it began with where it is only read. */
  readonly states: readonly { readonly before: ValueId; readonly after: ValueId }[]
  /** Dense values that the call hands out. */
  readonly results: readonly ValueId[]
}
