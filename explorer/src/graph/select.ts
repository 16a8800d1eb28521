/** Selecting: one state is the selection, the focus of the graph, and what the inspector tells of. */
import type { Trace } from 'chainrule/explain'
import { callOf, knownAt } from '../model/steps.ts'
import { update, useExplorer } from '../model/store.ts'
import { largest } from './numbers.ts'
import type { Visible } from './visible.ts'

/** Selects a value; of several elements, the one with the largest gradient. */
export function selectNode(trace: Trace, node: number): void {
  const call = callOf(knownAt(trace, useExplorer.getState().step))
  const gradient = trace.nodes[node].gradients[call]
  update({ selected: { node, index: largest(gradient) } })
}

/** Of a closed part, its last value is what leaves it. */
export function selectVisible(trace: Trace, { picture }: Visible, id: string): void {
  const node = picture.nodes.find((one) => one.id === id)
  if (node) selectNode(trace, Number(node.members?.at(-1) ?? node.id))
}
