/**
 * Drops what nobody reads: nodes whose outputs are neither results, nor what a state becomes, nor read by a node that
 * stays. Nodes of the host stay, for what they do beside. Values are numbered anew, without gaps.
 */
import type { Access, Graph, Node, ValueId } from '../graph/graph.ts'
import { accesses, rootsOf } from '../graph/rewrite.ts'

export function deadCode(graph: Graph): Graph {
  const { nodes, live } = livingOf(graph)
  return renumber({ ...graph, nodes }, live)
}

/** As `deadCode`, but values keep their numbers: for turns that others follow. */
export function dropNodes(graph: Graph): Graph {
  const { nodes } = livingOf(graph)
  return nodes.length === graph.nodes.length ? graph : { ...graph, nodes }
}

function livingOf(graph: Graph): { nodes: Node[]; live: Set<ValueId> } {
  const live = rootsOf(graph)
  for (const { before } of graph.states) live.add(before)
  const nodes: Node[] = []
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]
    if (node.is !== 'host' && !node.outputs.some((v) => live.has(v))) continue
    nodes.push(node)
    for (const v of node.outputs) live.add(v)
    for (const { value } of accesses(node)) live.add(value)
  }
  return { nodes: nodes.reverse(), live }
}

function renumber(graph: Graph, live: ReadonlySet<ValueId>): Graph {
  const kept = graph.values.map((_, v) => v).filter((v) => live.has(v))
  if (kept.length === graph.values.length) return graph
  const numbers = new Map(kept.map((v, i) => [v, i]))
  const number = (v: ValueId) => numbers.get(v)!
  const view = (x: Access): Access => ({ ...x, value: number(x.value) })
  const renamed = (node: Node): Node => {
    if (node.is === 'write')
      return { ...node, target: view(node.target), source: view(node.source), outputs: [number(node.outputs[0])] }
    const outputs = node.outputs.map(number)
    if (node.is === 'host') return { ...node, outputs }
    return { ...node, inputs: node.inputs.map((x) => (typeof x === 'number' ? x : view(x))), outputs }
  }
  return {
    values: kept.map((v) => graph.values[v]),
    nodes: graph.nodes.map(renamed),
    states: graph.states.map(({ before, after }) => ({ before: number(before), after: number(after) })),
    results: graph.results.map(number),
  }
}
