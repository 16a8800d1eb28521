/**
 * A graph as tasks, node by node in the graph's order; but what may throw and what the host provides comes first. Values
 * that the call must not lose are copied before somebody writes in place: `ownership.ts`.
 */
import type { ViewDefinition } from '../../../ops/kinds/view.ts'
import type { Access, ApplyNode, Graph, ValueId } from '../../graph/graph.ts'
import { accesses, rootsOf } from '../../graph/rewrite.ts'
import { Builder } from './builder.ts'
import { contract } from './contract.ts'
import { correlate, correlations } from './correlate.ts'
import { cropped, cropsOf } from './crop.ts'
import { elementwiseTask, reduced } from './elementwise.ts'
import { foremost } from './foremost.ts'
import { hostTask, jsTask } from './host.ts'
import { indexed } from './indexed.ts'
import { joined } from './joined.ts'
import { rows } from './rows.ts'
import { scatter } from './scatter.ts'
import { written } from './written.ts'

export function translate(whole: Graph): Builder {
  const slid = new Map([...correlations(whole).keys()].map(({ outputs, specs }) => [outputs[0], specs[0].shape]))
  const crops = cropsOf(whole, slid)
  const graph = cropped(whole, crops)
  const b = new Builder(graph)
  const alone = readOnce(graph)
  const slides = correlations(graph)
  const absorbed = new Set([...slides.values()].map(({ product }) => product))
  for (const node of graph.nodes) {
    if (node.is === 'apply') {
      const slide = slides.get(node)
      const from = b.tasks.length
      if (slide) correlate(b, node, slide, crops.get(node.outputs[0]))
      else if (!absorbed.has(node)) applied(b, node)
      if (node.scope !== 0) enter(b, from, node.scope)
    } else if (node.is === 'write') written(b, node, alone)
    else b.tasks.push(hostTask(node))
  }
  b.tasks.splice(0, b.tasks.length, ...foremost(b.tasks))
  return b
}

/** The tasks from number `from` on belong to a scope. */
function enter(b: Builder, from: number, scope: number): void {
  for (let i = from; i < b.tasks.length; i++) {
    const task = b.tasks[i]
    if (task.is === 'loop') b.tasks[i] = { ...task, scope }
  }
}

function applied(b: Builder, node: ApplyNode): void {
  const { op } = node
  switch (op.kind) {
    case 'elementwise':
      // What other nodes write to all of its places does not begin with anything.
      if (node.attrs.overwritten !== true) b.tasks.push(elementwiseTask(node, op))
      break
    case 'reduce':
      reduced(b, node, op)
      break
    case 'contract':
      contract(b, node)
      break
    case 'view':
      scatter(b, node, op as ViewDefinition)
      break
    case 'routine':
      if (!indexed(b, node, op) && !rows(b, node, op) && !joined(b, node, op)) b.tasks.push(jsTask(node))
  }
}

/** Whether what a view shows is read once in the graph, and does not outlive the call. */
function readOnce(graph: Graph): (x: Access) => boolean {
  const uses = new Map<ValueId, number>()
  for (const node of graph.nodes) for (const { value } of accesses(node)) uses.set(value, (uses.get(value) ?? 0) + 1)
  const lasting = rootsOf(graph)
  return ({ value }) => uses.get(value) === 1 && !lasting.has(value)
}
