/** What has been made of a graph: arrays to put arguments into and to find results in, and a `run` between them. */
import type { TypedArray } from '../ops/value.ts'
import type { Storage } from '../tensor/index.ts'
import type { Plan } from './plan/describe.ts'
import type { Profile } from './report/profile.ts'

export interface BuildOptions {
  readonly device: 'auto' | 'cpu' | 'wasm'
  /** Undefined leaves the choice to the engine. */
  readonly threads: number | undefined
}

export interface Built {
  /** Where the arguments are put before a run: dense, one array per input. */
  readonly inputs: readonly TypedArray[]
  /** Where the results are after a run: one array of its own per result, the same until memory grows. */
  readonly results: readonly TypedArray[]
  /** A storage around a result, which follows it. */
  hold(result: number): Storage
  /** Reads and changes the states' buffers. A run that throws has changed none of them. */
  run(): void
  /** What it runs. @throws DeviceError where nothing was planned, since the interpreter runs. */
  plan(): Plan
  /** Times what it runs. @throws DeviceError as `plan`. */
  profile(runs: number): Profile
  /** Gives back what it holds; it is not run any more. */
  release(): void
}
