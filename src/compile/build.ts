/**
 * The seam between what is to be computed and what computes it: a graph goes in, arrays and a `run` come out. The
 * interpreter is the reference behind it.
 */
import { wasmStatus } from '../backends/wasm/wasm.ts'
import { DeviceError } from '../errors/index.ts'
import type { TypedArray } from '../ops/value.ts'
import { Storage } from '../tensor/index.ts'
import type { Graph } from './graph/graph.ts'
import { interpret } from './graph/interpret.ts'
import { buildNative } from './native.ts'
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

/**
 * Makes a graph runnable. State `i` lives in the buffer of `states[i]`, which programs and eager code share; where an
 * engine needs it elsewhere, it moves the elements and sets the buffer to the new place.
 */
export function build(graph: Graph, states: readonly Storage[], options: BuildOptions): Built {
  return buildNative(graph, states, options) ?? interpreted(graph, states)
}

/** A graph run by the interpreter. */
export function interpreted(graph: Graph, states: readonly Storage[]): Built {
  const interpretation = interpret(graph, states)
  const hold = (result: number) => new Storage(interpretation.results[result])
  return { ...interpretation, hold, plan: () => unplanned('plan'), profile: () => unplanned('profile') }
}

function unplanned(what: string): never {
  const status = wasmStatus()
  const why = 'missing' in status ? `: ${status.missing}` : ''
  throw new DeviceError(`${what}: the interpreter runs this function op by op, so there are no kernels${why}`)
}
