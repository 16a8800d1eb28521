/** Many measured steps as one body of evidence: medians of what fluctuates, and of units those that are dead in all of them. */
import type { Evidence, LayerEvidence, ParameterEvidence } from './evidence.ts'
import { deadShare, either, type GateReport } from './gates.ts'

/** Findings are about the latest so many measured steps. */
export const RECENT = 10

/** @param passes the measured steps, the latest last; layers are those of the latest. */
export function overTime(passes: readonly Evidence[], losses: readonly number[]): Evidence {
  const latest = passes[passes.length - 1]
  const layersOf = byKey(passes.map(({ layers }) => layers))
  const parametersOf = byKey(passes.map(({ parameters }) => parameters))
  return {
    ...latest,
    layers: latest.layers.map((layer) => layerOverTime(layer, layersOf.get(layer.key)!)),
    parameters: latest.parameters.map((parameter) => parameterOverTime(parameter, parametersOf.get(parameter.key)!)),
    nonFinite: passes.find(({ nonFinite }) => nonFinite)?.nonFinite ?? null,
    loss: { ...latest.loss, history: losses },
  }
}

function byKey<T extends { readonly key: string }>(lists: readonly (readonly T[])[]): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const item of lists.flat()) found.set(item.key, [...(found.get(item.key) ?? []), item])
  return found
}

function layerOverTime(latest: LayerEvidence, all: readonly LayerEvidence[]): LayerEvidence {
  const arrived = all.flatMap(({ gradient }) => gradient ?? [])
  const [norm, min, max] = (['norm', 'min', 'max'] as const).map(
    (key) => median(arrived.map((g) => g[key])) ?? Number.NaN,
  )
  const gates = latest.gates && all.flatMap(({ gates }) => gates ?? []).reduce(together)
  return {
    ...latest,
    gradient: latest.gradient && { ...latest.gradient, norm, min, max },
    gates,
    dead: gates && deadShare(gates),
    saturated: median(all.flatMap(({ saturated }) => saturated ?? [])),
  }
}

function together(a: GateReport, b: GateReport): GateReport {
  if (a.alive.length !== b.alive.length) return b
  return {
    ...b,
    alive: either(a.alive, b.alive),
    samples: a.samples + b.samples,
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
  }
}

function parameterOverTime(latest: ParameterEvidence, all: readonly ParameterEvidence[]): ParameterEvidence {
  const arrived = all.some(({ gradNorm }) => gradNorm !== null)
  return {
    ...latest,
    gradNorm: median(all.flatMap(({ gradNorm }) => gradNorm ?? [])),
    ratio: median(all.flatMap(({ ratio }) => ratio ?? [])),
    fate: arrived ? 'reached' : latest.fate,
  }
}

/** Of those that are numbers at all, if there are such. */
function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = values.filter((v) => !Number.isNaN(v)).sort((a, b) => a - b)
  if (sorted.length === 0) return Number.NaN
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
