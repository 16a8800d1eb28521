/** What is known at a step of a trace. It follows from the number of the step alone, so that seeking replays nothing. */
import type { Trace, TraceNode, TraceTensor } from 'chainrule/explain'

export interface Known {
  /** Whether the node has its value. */
  readonly value: (node: TraceNode) => boolean
  /** Whether backward has reached the node: its gradient is complete or, with no arrivals, it is "—". */
  readonly gradient: (node: TraceNode) => boolean
  /** Whether the contribution of a node to the operand in a slot has been sent. */
  readonly contribution: (node: TraceNode, slot: number) => boolean
  /** The nodes that the step is about. */
  readonly current: ReadonlySet<number>
  /** The call of backward that gradients belong to; null before the first. */
  readonly call: number | null
}

interface Times {
  readonly value: Int32Array
  /** Per call of backward, the step after which the gradient is complete; -1 where it never comes. */
  readonly gradient: readonly Int32Array[]
  readonly sent: readonly Int32Array[]
}

const times = new WeakMap<Trace, Times>()

function timesOf(trace: Trace): Times {
  const known = times.get(trace)
  if (known) return known
  const n = trace.nodes.length
  const value = new Int32Array(n)
  const gradient = trace.calls.map(() => new Int32Array(n).fill(-1))
  const sent = trace.calls.map(() => new Int32Array(n).fill(-1))
  const forward = new Map<number, number>()
  for (const [s, { phase, nodes, call }] of trace.steps.entries()) {
    for (const id of nodes) {
      const node = trace.nodes[id]
      if (phase === 'forward') forward.set(node.application, s)
      else if (call === null) continue
      else if (phase === 'seed') gradient[call][id] = s
      else if (phase === 'backward') {
        sent[call][id] = s
        for (const input of node.inputs) if ('node' in input) gradient[call][input.node] = s
      }
    }
  }
  for (const node of trace.nodes) if (node.kind === 'result') value[node.id] = forward.get(node.application) ?? 0
  const made = { value, gradient, sent }
  times.set(trace, made)
  return made
}

export function knownAt(trace: Trace, step: number): Known {
  const { value, gradient, sent } = timesOf(trace)
  const at = trace.steps[Math.min(step, trace.steps.length - 1)]
  const call = at?.call ?? null
  const came = (times: readonly Int32Array[], { id }: TraceNode) =>
    call !== null && times[call][id] >= 0 && times[call][id] <= step
  return {
    value: (node) => value[node.id] <= step,
    gradient: (node) => came(gradient, node),
    contribution: (node, slot) => came(sent, node) && (node.contributions?.[call!]?.[slot] ?? null) !== null,
    current: new Set(at?.nodes ?? []),
    call,
  }
}

/** The step after which a node has its value; 0 for leaves. */
export const stepOf = (trace: Trace, { id }: TraceNode): number => timesOf(trace).value[id]

/** The call of backward that gradients are shown of: the first, where none has begun yet. */
export const callOf = ({ call }: Known): number => call ?? 0

/** The gradient of a node; null where it is not known yet, or never comes. */
export const gradientOf = (node: TraceNode, known: Known): TraceTensor | null =>
  known.gradient(node) ? (node.gradients[callOf(known)] ?? null) : null

/** What a node has sent back to the operand in a slot; null before it has. */
export const contributionOf = (node: TraceNode, slot: number, known: Known): TraceTensor | null =>
  known.contribution(node, slot) ? (node.contributions?.[callOf(known)]?.[slot] ?? null) : null
