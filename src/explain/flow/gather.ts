/** From what was watched to evidence: layers and parameters with their numbers. */
import type { Module } from '../../nn/module.ts'
import { add } from '../../ops/elementwise/add.ts'
import { frameOf, type TapeNode, type Tensor, withoutRecording } from '../../tensor/index.ts'
import type { GivenNames } from '../names.ts'
import type { Cut, Evidence, LayerEvidence, LossEvidence, ParameterEvidence, ParameterReport } from './evidence.ts'
import { type FateReport, fateOf } from './fate.ts'
import { deadShare, examineGates } from './gates.ts'
import { Keys, trainable } from './keys.ts'
import { findNonFinite } from './non-finite.ts'
import { type LayerSource, layerSources } from './sources.ts'
import { measure, normOfTensor, pooled } from './statistics.ts'
import { TapeOrder } from './tape-order.ts'
import { Values } from './values.ts'
import type { Application, Port, Seen, WalkBack } from './watch.ts'

export interface Pass {
  readonly seen: Seen
  readonly model: Module | undefined
  /** The parameters of the optimizer, where it is known. */
  readonly optimized: readonly Tensor[]
  readonly names: GivenNames | undefined
  /** What the gradient is of. */
  readonly roots: readonly Tensor[]
  /** The walks that brought it. */
  readonly walks: readonly WalkBack[]
  readonly loss: LossEvidence
  /** What backward brought to a parameter. */
  gradient(x: Tensor): Tensor | null
  /** ‖w‖ before the step. */
  norm(x: Tensor): number
  /** ‖step‖; null where none was taken. */
  update(x: Tensor): number | null
  readonly learningRates: readonly number[]
  /** Whether to find out why a parameter has no gradient, for which everything must have been watched. */
  readonly thorough: boolean
}

export function gather(pass: Pass): Evidence {
  const { seen, roots, walks } = pass
  const values = new Values(seen.applications)
  const keys = new Keys(seen.calls, pass.model, pass.names)
  const parameters = trainable(seen, keys.model, pass.optimized, pass.gradient)
  const names = new Map(parameters.map((x) => [x, keys.parameter(x)]))
  const sources = layerSources(seen, keys, parameters)
  const order = new TapeOrder(roots, new Set(parameters))
  const reports = new Map(parameters.map((x) => [x, parameterReport(x, names.get(x)!, pass)]))
  const into = order.flowsInto(sources.map(nodesToCompare))
  const layers = sources.map((source, i) => layerEvidence(source, into[i], order, values, walks, reports))
  const where = whereIn(sources, keys)
  const fate = pass.thorough ? fateIn(values, roots) : fateUnknown
  return {
    layers,
    parameters: parameters.map((x): ParameterEvidence => {
      const found = sources.findIndex((source) => source.parameters.includes(x))
      const report = reports.get(x)!
      const { fate: end, cuts } = fate(x, report)
      return {
        ...report,
        layer: found < 0 ? null : found,
        size: x.size,
        fate: end,
        cuts: cuts.map((use) => cutOf(use.application, where)),
      }
    }),
    loss: pass.loss,
    nonFinite: findNonFinite(roots, walks, values, { where, name: (x) => names.get(x) ?? x.name }),
    learningRates: pass.learningRates,
  }
}

/** Of the others nobody asks where they lead, and there may be tens of thousands of them. */
const nodesToCompare = ({ outputs, parameters, gates }: LayerSource): TapeNode[] =>
  parameters.length > 0 || gates.length > 0 ? outputs.flatMap(({ port }) => port.node ?? []) : []

type FateOf = (x: Tensor, report: ParameterReport) => FateReport

/** A gradient that is not 0 answers the question by itself. */
function fateIn(values: Values, roots: readonly Tensor[]): FateOf {
  const origins = values.origins(roots)
  return (x, { gradNorm }) =>
    gradNorm !== null && gradNorm !== 0 ? { fate: 'reached', cuts: [] } : fateOf(x, values, roots, origins)
}

const fateUnknown: FateOf = (_, { gradNorm }) => ({ fate: gradNorm === null ? 'unknown' : 'reached', cuts: [] })

function layerEvidence(
  { key, kind, outputs, gates: applications, parameters, module }: LayerSource,
  into: () => readonly number[],
  order: TapeOrder,
  values: Values,
  walks: readonly WalkBack[],
  reports: ReadonlyMap<Tensor, ParameterReport>,
): LayerEvidence {
  const activation = pooled(outputs.map(({ statistics }) => statistics))
  const arrived = outputs.flatMap(({ port }) => cotangentOf(port, walks) ?? [])
  const gates = examineGates(applications, values)
  const nodes =
    applications.length > 0 ? applications.map(({ node }) => node!) : outputs.flatMap(({ port }) => port.node ?? [])
  const steps =
    module && applications.length > 1 ? applications.flatMap((gate) => cotangentOf(portOf(gate), walks) ?? []) : []
  return {
    key,
    kind,
    calls: outputs.length,
    outputShape: outputs[0].port.tensor.shape,
    activation,
    gradient: arrived.length === 0 ? null : pooled(arrived.map(measure)),
    parameters: parameters.map((x) => reports.get(x)!),
    dead: gates && deadShare(gates),
    saturated: gates?.saturated ?? null,
    nonFinite: activation.nonFinite,
    into,
    final: !nodes.some((node) => order.feedsParameters(node)),
    gates,
    steps: steps.map(normOfTensor),
  }
}

const portOf = ({ outputs: [tensor], node }: Application): Port => ({ tensor, node, index: tensor.outputIndex })

/** What arrived at a result, of all walks together. */
function cotangentOf({ node, index }: Port, walks: readonly WalkBack[]): Tensor | null {
  if (!node) return null
  return total(walks.flatMap(({ cotangents }) => cotangents.get(node)?.[index] ?? []))
}

function total(parts: readonly Tensor[]): Tensor | null {
  return parts.length === 0 ? null : withoutRecording(() => parts.reduce((a, b) => add(a, b)))
}

function parameterReport(x: Tensor, key: string, { gradient, norm, update }: Pass): ParameterReport {
  const g = gradient(x)
  const [size, step] = [norm(x), update(x)]
  return {
    key,
    shape: x.shape,
    norm: size,
    gradNorm: g && normOfTensor(g),
    ratio: step === null || size === 0 ? null : step / size,
  }
}

/** The name of the place of an application: of its module, or of the layer that it belongs to. */
function whereIn(sources: readonly LayerSource[], keys: Keys): (application: Application) => string | null {
  const byNode = new Map<TapeNode, string>()
  for (const { key, outputs, gates } of sources) {
    for (const { port } of outputs) if (port.node) byNode.set(port.node, key)
    for (const { node } of gates) if (node) byNode.set(node, key)
  }
  return ({ call, node }) => (call ? keys.module(call.module) : ((node && byNode.get(node)) ?? null))
}

const cutOf = (application: Application, where: (application: Application) => string | null): Cut => ({
  op: application.name,
  source: frameOf(application.site),
  where: where(application),
  dtype: application.outputs[0].dtype,
})
