/** Where the player stops: at every operation, or once for each run of them on one source line or in one layer. */
import type { Trace, TraceStep } from 'chainrule/explain'

export type Granularity = 'op' | 'line' | 'layer'

/** Playing through takes no longer than this unless the reader asks for it. */
const PATIENCE_S = 60

const keyOf = (trace: Trace, { nodes, phase, call }: TraceStep, granularity: Granularity): string => {
  const node = trace.nodes[nodes[0]]
  const place = granularity === 'line' ? `${node?.source?.file}:${node?.source?.line}` : node?.scope.join('/')
  return `${phase} ${call} ${place}`
}

/** The steps to stop at, ascending; the first and the last step are among them. */
export function stopsOf(trace: Trace, granularity: Granularity): readonly number[] {
  const all = trace.steps.map((_, step) => step)
  if (granularity === 'op') return all
  const keys = trace.steps.map((step) => keyOf(trace, step, granularity))
  return all.filter((step) => step === 0 || keys[step] !== keys[step + 1])
}

/** What a trace can be played by: lines and layers only where it knows of more than one. */
export function granularitiesOf(trace: Trace): readonly Granularity[] {
  const lines = new Set(trace.nodes.map(({ source }) => source && `${source.file}:${source.line}`))
  const layers = new Set(trace.nodes.map(({ scope }) => scope.join('/')))
  return ['op', ...(lines.size > 1 ? (['line'] as const) : []), ...(layers.size > 1 ? (['layer'] as const) : [])]
}

/** The finest one that plays through in a minute; the coarsest where none does. */
export function usualGranularity(trace: Trace, stepsPerSecond: number): Granularity {
  const offered = granularitiesOf(trace)
  const fits = (granularity: Granularity) => stopsOf(trace, granularity).length <= PATIENCE_S * stepsPerSecond
  return offered.find(fits) ?? offered.at(-1)!
}

/** The stop that is `by` stops after (or, negative, before) a step, held at both ends. */
export function stopFrom(stops: readonly number[], step: number, by: number): number {
  const after = stops.findIndex((stop) => stop > step)
  const behind = after < 0 ? stops.length : after
  const on = stops[behind - 1] === step
  const to = by > 0 ? behind + by - 1 : behind + by - (on ? 1 : 0)
  return stops[Math.max(0, Math.min(to, stops.length - 1))] ?? 0
}

export interface Phase {
  readonly phase: TraceStep['phase']
  readonly call: number | null
  /** Its first step, and the first after it. */
  readonly from: number
  readonly to: number
}

/** The phases of a trace, one after the other. */
export function phasesOf(trace: Trace): readonly Phase[] {
  const phases: Phase[] = []
  for (const [step, { phase, call }] of trace.steps.entries()) {
    const last = phases.at(-1)
    if (last && last.phase === phase && last.call === call) phases[phases.length - 1] = { ...last, to: step + 1 }
    else phases.push({ phase, call, from: step, to: step + 1 })
  }
  return phases
}
