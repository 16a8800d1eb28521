/**
 * Values that a recording keeps. Backward frees what nodes of the tape saved; while a recording runs, it is kept here for
 * as long as the node itself is held by anybody, so that what happened can be explained afterwards.
 */
import type { TapeNode, Tensor } from '../../tensor/index.ts'

/** One walk back over the tape. */
export interface BackwardCall {
  readonly roots: readonly Tensor[]
  readonly seeds: readonly Tensor[]
}

/** Backward at one node. */
export interface Visit {
  readonly call: BackwardCall
  /** Its place in the order of visits of that call. */
  readonly order: number
  readonly cotangents: readonly (Tensor | null)[]
  /** What goes on to each operand. */
  readonly contributions: readonly (Tensor | null)[]
}

export interface Kept {
  /** The operands as the program has them. */
  readonly operands: readonly (Tensor | number)[]
  /** Operands and results with the elements that they had: copies, which nothing changes in place later. */
  readonly inputs: readonly (Tensor | number)[]
  readonly outputs: readonly Tensor[]
  /** The results as the program has them. */
  readonly results: readonly Tensor[]
  readonly visits: Visit[]
}

const kept = new WeakMap<TapeNode, Kept>()

export const keptOf = (node: TapeNode | undefined): Kept | undefined => node && kept.get(node)

export const keep = (node: TapeNode, values: Kept): void => void kept.set(node, values)
