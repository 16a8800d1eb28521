/**
 * What counts as a layer: a module that calls no other or reads parameters itself; between modules, a function that may
 * stop a gradient; outside of all modules, each operation that reads a parameter, or every one where there are no modules.
 */
import type { Module } from '../../nn/module.ts'
import type { Tensor } from '../../tensor/index.ts'
import { gateOf } from './gates.ts'
import { type Keys, kindOf } from './keys.ts'
import { measure, type TensorStatistics } from './statistics.ts'
import type { Application, ModuleCall, Port, Seen } from './watch.ts'

/** A layer with all its calls. */
export interface LayerSource {
  readonly key: string
  /** The class of the module, or the name of the function. */
  readonly kind: string
  readonly module: Module | null
  readonly outputs: Output[]
  /** The activations inside of it. */
  readonly gates: Application[]
  /** The parameters that it was the first to read. */
  readonly parameters: Tensor[]
  /** How many operations were applied before its first result. */
  readonly place: number
}

export interface Output {
  readonly port: Port
  readonly statistics: TensorStatistics
}

export function layerSources(seen: Seen, keys: Keys, parameters: readonly Tensor[]): LayerSource[] {
  const forward = seen.applications.filter(({ backward }) => !backward)
  const readers = firstReaders(forward, new Set(parameters))
  const modules = moduleLayers(seen, keys, new Set(readers.values()))
  const found = [...modules.values()]
  const places = new Map(seen.applications.map((application, i) => [application, i]))
  const rest = outsideLayers(forward, modules)
  const wanted = new Set(readers.values())
  const all = seen.calls.length === 0
  const between = new Map<string, LayerSource>()
  for (const group of together(rest)) {
    const gates = group.filter((application) => gateOf(application))
    if (!all && gates.length === 0 && !group.some((application) => wanted.has(application))) continue
    const layer = operationLayer(group, gates, keys, between, places.get(group[group.length - 1])!)
    if (layer) found.push(layer)
  }
  assign(found, modules, readers)
  return found.filter(({ outputs }) => outputs.length > 0).sort((a, b) => a.place - b.place)
}

/** Who reads each parameter first; whose derivative is recorded goes before whose is not. */
function firstReaders(forward: readonly Application[], parameters: ReadonlySet<Tensor>): Map<Tensor, Application> {
  const readers = new Map<Tensor, Application>()
  for (const application of forward) {
    for (const x of application.inputs) {
      if (typeof x === 'number' || !parameters.has(x)) continue
      const known = readers.get(x)
      if (!known || (!known.node && application.node)) readers.set(x, application)
    }
  }
  return readers
}

function moduleLayers(seen: Seen, keys: Keys, readers: ReadonlySet<Application>): Map<Module, LayerSource> {
  const callers = new Set(seen.calls.flatMap(({ parent }) => (parent ? [parent.module] : [])))
  const reading = new Set([...readers].flatMap(({ call }) => (call ? [call.module] : [])))
  const layers = new Map<Module, LayerSource>()
  for (const call of seen.calls) {
    const { module, output: port, statistics, end: place } = call
    if (callers.has(module) && !reading.has(module)) continue
    let layer = layers.get(module)
    if (!layer) {
      layer = { key: keys.module(module), kind: kindOf(module), module, outputs: [], gates: [], parameters: [], place }
      layers.set(module, layer)
    }
    if (port) layer.outputs.push({ port, statistics: statistics ?? measure(port.tensor) })
  }
  return layers
}

/** Sorts activations into the modules that apply them; returns what belongs to none, as far as it was recorded. */
function outsideLayers(forward: readonly Application[], modules: ReadonlyMap<Module, LayerSource>): Application[] {
  const rest: Application[] = []
  for (const application of forward) {
    const layer = application.call && modules.get(application.call.module)
    if (layer) {
      if (gateOf(application)) layer.gates.push(application)
    } else if (application.node) rest.push(application)
  }
  return rest
}

/** Applications that one call of a function is made of, as one; each other one by itself. */
function together(applications: readonly Application[]): Application[][] {
  const groups: Application[][] = []
  for (let last = applications.length - 1; last >= 0; last--) {
    const after = applications[last].node!.composite?.after
    const group = [applications[last]]
    while (after !== undefined && last > 0 && applications[last - 1].node!.sequence > after)
      group.unshift(applications[--last])
    groups.push(group)
  }
  return groups.reverse()
}

/** A new layer, or null where the group is one more call of the function at the same place between modules. */
function operationLayer(
  group: readonly Application[],
  gates: Application[],
  keys: Keys,
  between: Map<string, LayerSource>,
  place: number,
): LayerSource | null {
  const { node, outputs: results, call, after, name: op } = group[group.length - 1]
  const name = node!.composite?.name ?? op
  const [tensor] = results
  const output = { port: { tensor, node, index: tensor.outputIndex }, statistics: measure(tensor) }
  const inside = call !== null || after !== null
  const identity = `${label(call, keys)}/${label(after, keys)}/${name}`
  const again = inside && gates.length > 0
  const same = again ? between.get(identity) : undefined
  if (same) {
    same.outputs.push(output)
    same.gates.push(...gates)
    return null
  }
  const key = inside ? keys.between(name, after, call) : keys.result(tensor, name)
  const layer = { key, kind: name, module: null, outputs: [output], gates, parameters: [], place }
  if (again) between.set(identity, layer)
  return layer
}

const label = (call: ModuleCall | null, keys: Keys): string => (call ? keys.module(call.module) : '')

/** Gives each parameter to the layer that reads it first. */
function assign(
  layers: readonly LayerSource[],
  modules: ReadonlyMap<Module, LayerSource>,
  readers: ReadonlyMap<Tensor, Application>,
): void {
  const byPlace = [...layers].filter(({ module }) => !module).sort((a, b) => a.place - b.place)
  for (const [x, reader] of readers) {
    const own = reader.call && modules.get(reader.call.module)
    const layer =
      own ?? byPlace.find(({ outputs }) => (outputs[0].port.node?.sequence ?? 0) >= (reader.node?.sequence ?? Infinity))
    layer?.parameters.push(x)
  }
}
