/**
 * The tape is data: one node per recorded application of an op. Tensors point to the node that made them, nodes to
 * the operands that went in; walking these pointers is all that differentiating, printing and explaining do.
 */
import type { Op } from '../ops/kinds/op.ts'
import type { Attrs } from '../ops/value.ts'
import { now } from './storage.ts'
import type { Tensor } from './tensor.ts'

let sequence = 0

/** The number of the youngest node. */
export const youngestNode = (): number => sequence

/** A call of a function that is made of ops: its nodes are those numbered above `after`, up to the one that carries it. */
export interface Composite {
  readonly name: string
  readonly after: number
  /** The function called inside of this one that has the same result. */
  readonly inner: Composite | null
}

export class TapeNode {
  readonly op: Op
  readonly attrs: Attrs
  readonly level: number
  /** Null once backward has freed what it held. */
  inputs: readonly (Tensor | number)[] | null
  outputs: readonly Tensor[] | null
  private edges: (TapeNode | Tensor)[] | null = null
  /** Operands always come from nodes with smaller numbers, so that descending order is a reverse topological order. */
  readonly sequence: number
  /** When the operands were read, to tell whether they were changed since. */
  recordedAt: number
  /** From when the operands' and results' elements are what the rules expect; a later change invalidates them. */
  valuesFrom: number
  /** An error made where the op was called, if calls were being traced; its stack is read only to report. */
  site: Error | undefined = undefined
  /** Fills in operands that were dropped to be computed again. */
  rematerialize: (() => void) | undefined = undefined
  /** Where the node stands in the walk that is under way. */
  position = -1
  /** The functions whose result this node's is, the innermost last. */
  composite: Composite | null = null

  constructor(op: Op, attrs: Attrs, level: number, inputs: readonly (Tensor | number)[], outputs: readonly Tensor[]) {
    this.op = op
    this.attrs = attrs
    this.level = level
    this.inputs = inputs
    this.outputs = outputs
    this.sequence = ++sequence
    this.recordedAt = now()
    this.valuesFrom = this.recordedAt
  }

  /** Output i was written into `tensor` in place, which stands for it from now on. */
  adopt(i: number, tensor: Tensor): void {
    this.outputs = this.outputs?.map((y, k) => (k === i ? tensor : y)) ?? null
    this.recordedAt = now()
    this.valuesFrom = this.recordedAt
  }

  get name(): string {
    return this.op.name
  }

  get freed(): boolean {
    return this.inputs === null
  }

  /** The nodes and leaves of this level from which the operands came; they are known even when the values are freed. */
  sources(): readonly (TapeNode | Tensor)[] {
    if (this.edges) return this.edges
    const edges: (TapeNode | Tensor)[] = []
    for (const x of this.inputs!) {
      if (typeof x === 'number' || x.level !== this.level) continue
      const { gradFn, tracked } = x.former ? x.originAt(this.recordedAt) : x
      if (gradFn) edges.push(gradFn)
      else if (tracked && x.trackedFrom <= this.recordedAt) edges.push(x)
    }
    this.edges = edges
    return edges
  }

  free(): void {
    this.sources()
    this.inputs = null
    this.outputs = null
    this.rematerialize = undefined
  }
}
