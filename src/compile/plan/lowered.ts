/** A graph as a program: which region holds which input, state and result. */
import type { Program } from '../../backends/kernels.ts'
import type { TypedArray } from '../../ops/value.ts'

export interface Lowered {
  readonly program: Program
  /** Per argument tensor its region, dense and row-major; -1 where the function does not use it. */
  readonly inputs: readonly number[]
  /** Per state its region: it holds the state before and after the call. */
  readonly states: readonly number[]
  /** Per result its region; one that is a state or an input as it was handed in has theirs. */
  readonly results: readonly number[]
  /** What regions hold before the first call, forever. */
  readonly constants: readonly { readonly region: number; readonly data: TypedArray }[]
}
