/** A recorded program as a graph to be drawn: its values, and an arrow per argument slot. */
import type { Picture, PictureEdge, PictureNode, Role, Sign } from '../draw/graph.ts'
import { normOfTensor } from '../flow/statistics.ts'
import { shortNumber } from '../render/number.ts'
import { brief, summarize } from './brief.ts'
import type { RecordedNode } from './node.ts'
import type { Recording } from './recording.ts'

export function pictureOf(recording: Recording): Picture {
  const { nodes, calls } = recording
  const roots = new Set(calls.flatMap(({ roots }) => roots.map((y) => recording.find(y))))
  let largest = 0
  for (const node of nodes) for (const slot of node.inputs.keys()) largest = Math.max(largest, size(node, slot))
  return {
    title: recording.title,
    nodes: nodes.map((node) => pictureNode(node, roots.has(node))),
    edges: nodes.flatMap((node) => pictureEdges(node, largest)),
  }
}

function pictureNode(node: RecordedNode, root: boolean): PictureNode {
  const gradient = node.gradient()
  const lines = [`value ${brief(node.value)}`]
  if (node.requiresGrad) lines.push(`gradient ${gradient ? brief(gradient) : '—'}`)
  return {
    id: String(node.id),
    title: node.op ? `${node.name} · ${node.op}` : node.name,
    lines,
    scope: node.scope,
    role: roleOf(node, root),
    sign: gradient && gradient.size === 1 ? (Math.sign(gradient.item()) as Sign) : undefined,
    warning: [node.value, gradient].some((x) => x && summarize(x).nonFinite > 0),
  }
}

function roleOf({ kind }: RecordedNode, root: boolean): Role {
  if (kind !== 'result') return kind
  return root ? 'output' : 'op'
}

function pictureEdges(node: RecordedNode, largest: number): PictureEdge[] {
  if (node.output !== 0) return []
  return node.inputs.flatMap((x, slot): PictureEdge[] => {
    if (typeof x === 'number') return []
    const sent = node.contribution(slot)
    const edge = { from: String(x.id), to: String(node.id), slot }
    if (!sent) return [edge]
    const single = sent.size === 1
    return [
      {
        ...edge,
        below: single ? shortNumber(sent.item()) : `‖·‖ ${shortNumber(normOfTensor(sent))}`,
        weight: weigh(size(node, slot), largest),
        sign: single ? (Math.sign(sent.item()) as Sign) : undefined,
      },
    ]
  })
}

/** That of the finite elements: widths are made of it. */
function size(node: RecordedNode, slot: number): number {
  const sent = node.contribution(slot)
  return sent ? summarize(sent).norm || 0 : 0
}

/** By orders of magnitude: seven below the largest is as thin as it gets. */
function weigh(norm: number, largest: number): number {
  if (!(norm > 0) || !(largest > 0)) return 0
  return Math.max(0, 1 + Math.log10(norm / largest) / 7)
}
