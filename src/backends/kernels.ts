/**
 * What a compiled program is made of, as data: kernels that say what is computed and where the operands lie, but not
 * how. A backend makes code of them (`wasm/`), the compiler makes them of a graph. Strides and offsets count elements.
 */

import type { DType, TypedArray } from '../ops/value.ts'
import type { Scalar } from '../scalar/index.ts'

/** How an operand is walked: one stride per size of the kernel, 0 where it repeats. */
export interface Stream {
  readonly dtype: DType
  readonly strides: readonly number[]
}

/**
 * A value of a loop. Formulas read `r0`, `r1` ... (the operands) and `s0`, `s1` ... (earlier steps).
 * A map is computed at every point. A fold joins `of` over all folded sizes into one value, which later steps may read
 * at every point: its formula reads `acc` and `x`, and without an identity it starts from the first element.
 */
export type LoopStep =
  | { readonly is: 'map'; readonly formula: Scalar }
  | { readonly is: 'fold'; readonly combine: Scalar; readonly identity: number | undefined; readonly of: Scalar }

export interface LoopWrite extends Stream {
  /** The number of the step whose value is written; one that varies over the folded sizes has strides for them. */
  readonly step: number
  /** The operand that lies in the very same place, where the write replaces it. */
  readonly over?: number
}

/**
 * Fused loops: one pass, or several where folds are read again, over an iteration space. Softmax is a row of two folds
 * and a map; a bias gradient folds over rows; an optimizer writes three streams in place.
 */
export interface LoopKernel {
  /** Kept sizes first, then the folded ones; the last one runs fastest. */
  readonly sizes: readonly number[]
  /** How many of the last sizes the folds fold away. */
  readonly folded: number
  /** The precision of the arithmetic. */
  readonly dtype: 'float32' | 'float64'
  readonly reads: readonly Stream[]
  readonly steps: readonly LoopStep[]
  readonly writes: readonly LoopWrite[]
}

/** Loops that several operands walk together: per operand one stride for each size. */
export interface Axes {
  readonly sizes: readonly number[]
  /** Those of a, b and c in turn; 0 where the operand does not vary. */
  readonly strides: readonly (readonly number[])[]
}

/** C[batch, row, column] = Σ A[batch, row, summed] B[batch, summed, column], or += with `add`, for operands of any layout. */
export interface ProductKernel {
  readonly dtype: 'float32' | 'float64'
  readonly batch: Axes
  readonly rows: Axes
  readonly columns: Axes
  readonly summed: Axes
  readonly add: boolean
}

/** A part of memory that a program uses. */
export interface Region {
  readonly bytes: number
  /**
   * 'arena': intermediate results, at `offset` of the arena; they share memory when their lives do not overlap.
   * 'kept': the region's own, from call to call: state, inputs, results.
   */
  readonly is: 'arena' | 'kept'
  /** Bytes from the start of the arena; 0 for kept regions. */
  readonly offset: number
}

/** Where an operand starts: a region, and how many elements into it. */
export interface Place {
  readonly region: number
  readonly offset: number
  readonly dtype: DType
}

/** One step of a program. `label` is what plans and profiles call it; flops and bytes are what it does to memory at least. */
export type Instruction = InstructionFacts &
  (
    | {
        readonly is: 'loop'
        readonly kernel: LoopKernel
        readonly reads: readonly Place[]
        readonly writes: readonly Place[]
      }
    | {
        readonly is: 'product'
        readonly kernel: ProductKernel
        readonly a: Place
        readonly b: Place
        readonly c: Place
      }
    | {
        /** JavaScript on whole regions as arrays: what has no kernel of another kind. Runs on the main thread only. */
        readonly is: 'host'
        readonly reads: readonly Place[]
        readonly writes: readonly Place[]
        run(reads: readonly TypedArray[], writes: readonly TypedArray[]): void
      }
  )

export interface InstructionFacts {
  readonly label: string
  readonly flops: number
  readonly bytes: number
}

export interface Program {
  readonly regions: readonly Region[]
  readonly arenaBytes: number
  readonly instructions: readonly Instruction[]
}
