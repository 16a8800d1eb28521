/** Numbers of a trace by the names of its values: what the panels of the playgrounds show. */
import type { Trace, TraceNode, TraceNumber } from 'chainrule/explain'

/** What the library found, or null where there is nothing to be found yet. */
export type Found = TraceNumber | null

export const nodeNamed = (trace: Trace, name: string): TraceNode | undefined =>
  trace.nodes.findLast((node) => node.name === name)

export const valueAt = (node: TraceNode | undefined, index = 0): Found => node?.value.data?.[index] ?? null

/** The gradient of the last call of backward. */
export const gradientAt = (node: TraceNode | undefined, index = 0): Found =>
  node?.gradients.at(-1)?.data?.[index] ?? null

/** The derivative of a value by the operand in a slot, where there is one number per element. */
export const localAt = (node: TraceNode | undefined, slot = 0, index = 0): Found =>
  node?.local?.[slot]?.data?.[index] ?? null

/** The operand of a node that is another node. */
export const operand = (trace: Trace, node: TraceNode | undefined, slot = 0): TraceNode | undefined => {
  const input = node?.inputs[slot]
  return input && 'node' in input ? trace.nodes[input.node] : undefined
}
