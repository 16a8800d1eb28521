/**
 * Where everything goes: a layered layout, the inputs on the left and the output on the right, scopes as boxes in boxes.
 * It is a function of the structure and of the given sizes alone, so that numbers can change while nothing moves; it has
 * no clock and no chance in it; and what goes in and comes out is plain data that can be sent to a worker.
 *
 * Each scope is laid out on its own (layout/regions.ts), from the innermost out: columns (rank.ts), the order in these
 * (order.ts), heights (place.ts), and around all of it the longest edges of large graphs (rails.ts). Then it is one item
 * of the region around it (boxes.ts).
 */
import { ArgumentError, checkOptions } from '../../errors/index.ts'
import { type Links, linksOf } from './graph.ts'
import { arrangeRegion, assemble, type PlacedRegion, type Work } from './layout/boxes.ts'
import { mainEdges } from './layout/layers.ts'
import { divide } from './layout/regions.ts'
import { bucket, orderOf, readingOrder } from './layout/topology.ts'
import type { Layout, LayoutEdge, LayoutGraph, LayoutNode, Spacing } from './layout/types.ts'

export type { Box, Layout, LayoutEdge, LayoutGraph, LayoutNode, PlacedScope, Point, Spacing } from './layout/types.ts'

const DEFAULTS: Spacing = { nodeGap: 20, edgeGap: 12, columnGap: 32, entry: 14, padding: 12, caption: 20 }

/**
 * Places the nodes, edges and scopes of a graph without cycles; `measured` has the sizes of a picture's nodes.
 * @throws ArgumentError where an id is unknown or given twice, where there is a cycle, or a size is not above 0.
 * @example layout({ nodes: ['x', 'y'].map((id) => ({ id, width: 60, height: 40, scope: [] })), edges: [{ from: 'x', to: 'y', slot: 0 }] }).nodes[1].x // 106
 */
export function layout(graph: LayoutGraph, options: Partial<Spacing> = {}): Layout {
  checkOptions('layout', options, Object.keys(DEFAULTS))
  const { nodes, edges } = graph
  for (const { id, width, height } of nodes) {
    if (width > 0 && height > 0 && width + height < Infinity) continue
    throw new ArgumentError(`layout: node '${id}' is ${width} wide and ${height} high; both must be above 0`)
  }
  const links = linksOf('layout', nodes, edges)
  const order = orderOf('layout', links, nodes)
  const regions = divide(
    nodes.map(({ scope }) => scope),
    links,
  )
  const work: Work = {
    nodes,
    links,
    ...ports(nodes, edges, links),
    keys: readingOrder(
      links,
      edges.map(({ slot }) => slot),
    ),
    priority: mainEdges(links, order),
    spacing: { ...DEFAULTS, ...options },
  }
  const placed: PlacedRegion[] = new Array(regions.length)
  for (let r = regions.length - 1; r >= 0; r--) placed[r] = arrangeRegion(regions, placed, r, work)
  return assemble(regions, placed, work)
}

/** Edges leave a node at the middle of its right side and enter it evenly spread over its left side, by their slots. */
function ports(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], { count, from, to }: Links) {
  const bySlot = Int32Array.from(edges.keys()).sort((a, b) => edges[a].slot - edges[b].slot || a - b)
  const { start, items } = bucket(count, to, bySlot)
  const leave = Float64Array.from(from, (v) => nodes[v].height / 2)
  const enter = new Float64Array(edges.length)
  for (let v = 0; v < count; v++) {
    const slots = start[v + 1] - start[v]
    for (let i = 0; i < slots; i++) enter[items[start[v] + i]] = (nodes[v].height * (i + 0.5)) / slots
  }
  return { leave, enter }
}
