/** What timing the kernels of a program has found: the data behind a profile's table and picture. */
import type { InstructionTime } from '../../backends/wasm/execute/index.ts'
import type { Peaks } from './peaks.ts'

export interface ProfiledKernel extends InstructionTime {
  readonly kind: 'loop' | 'product' | 'host'
  /** The least time for its operations and bytes, in seconds: the larger of the two. */
  readonly bound: number
  /** Of the whole call's time, from 0 to 1. */
  readonly share: number
}

export interface Findings {
  /** In the order in which they run. */
  readonly kernels: readonly ProfiledKernel[]
  /** Of all kernels together. */
  readonly seconds: number
  readonly bound: number
  /** What the machine can do at most, measured. */
  readonly peaks: Peaks
}
