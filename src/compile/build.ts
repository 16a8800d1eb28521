/**
 * The seam between what is to be computed and what computes it: a graph goes in, arrays and a `run` come out. Behind it
 * are WebAssembly and, where there is none, the interpreter, which is the reference.
 */
import { wasmStatus } from '../backends/wasm/wasm.ts'
import { DeviceError } from '../errors/index.ts'
import { Storage } from '../tensor/index.ts'
import type { BuildOptions, Built } from './built.ts'
import type { Graph } from './graph/graph.ts'
import { interpret } from './graph/interpret.ts'
import { buildWasm } from './wasm.ts'

/**
 * Makes a graph runnable. State `i` lives in the buffer of `states[i]`, which programs and eager code share; where an
 * engine needs it elsewhere, it moves the elements and sets the buffer to the new place.
 */
export function build(graph: Graph, states: readonly Storage[], options: BuildOptions): Built {
  return buildWasm(graph, states, options) ?? interpreted(graph, states)
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
