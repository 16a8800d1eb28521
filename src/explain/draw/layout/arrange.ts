/** One region: its items in columns, its wires from column to column. Coordinates are relative to its content. */
import { type Layered, layered, type Wires } from './layers.ts'
import { reduceCrossings } from './order.ts'
import { placeCells } from './place.ts'
import { type Place, rank } from './rank.ts'
import type { Point, Spacing } from './types.ts'

export interface Item {
  readonly width: number
  readonly height: number
  /** Ports stand in the first and the last column and have no size. */
  readonly place: Place
  readonly isScope: boolean
  readonly key: number
}

export interface Arranged {
  readonly width: number
  readonly height: number
  /** The upper left corners of the items. */
  readonly corners: readonly Point[]
  readonly routes: readonly (readonly Point[])[]
}

export function arrange(items: readonly Item[], wires: Wires, spacing: Spacing): Arranged {
  const places = items.map(({ place }) => place)
  const heights = Float64Array.from(items, ({ height }) => height)
  const keys = Float64Array.from(items, ({ key }) => key)
  const hasInput = new Uint8Array(items.length)
  for (const v of wires.to) hasInput[v] = 1
  const graph = layered(wires, rank(wires, places, spansOf(items, wires, hasInput)), heights, keys)
  reduceCrossings(graph)
  const isThin = (v: number) => graph.heights[v] === 0
  const { nodeGap, edgeGap } = spacing
  const top = placeCells(graph, (a, b) => {
    if (isThin(a) && isThin(b)) return edgeGap
    return isThin(a) || isThin(b) ? (nodeGap + edgeGap) / 2 : nodeGap
  })
  const intoNode = Array.from(wires.to, (v) => items[v].place === 'between' && !items[v].isScope)
  const columns = columnsOf(graph, items, top, intoNode, spacing)
  const corners = items.map(({ width }, v) => {
    const { left, right } = columns[graph.layerOf[v]]
    return { x: hasInput[v] ? left : right - width, y: top[v] }
  })
  const height = top.reduce((most, y, v) => Math.max(most, y + graph.heights[v]), 0)
  const routes = Array.from(wires.from, (_, w) => route(graph, wires, w, top, columns, corners, items))
  return { width: columns.at(-1)?.right ?? 0, height, corners, routes }
}

/**
 * A scope is tall: leaves in its column could stand only above or below all of it, far from where they go. An edge from
 * a scope to a node that has leaves too therefore leaves a column for these.
 */
function spansOf(items: readonly Item[], { from, to }: Wires, hasInput: Uint8Array): Uint8Array {
  const hasLeaf = new Uint8Array(items.length)
  from.forEach((u, w) => {
    if (!hasInput[u] && items[u].place === 'between' && !items[u].isScope) hasLeaf[to[w]] = 1
  })
  return Uint8Array.from(from, (u, w) => (items[u].isScope && hasLeaf[to[w]] && !items[to[w]].isScope ? 2 : 1))
}

/** Edges bend left of `entry`; from there to `right` they are straight. */
interface Column {
  readonly entry: number
  readonly left: number
  readonly right: number
}

function columnsOf(
  { layers, layerOf, segments, firstSegment }: Layered,
  items: readonly Item[],
  top: Float64Array,
  intoNode: readonly boolean[],
  { columnGap, entry }: Spacing,
): Column[] {
  const widths = new Float64Array(layers.length)
  items.forEach(({ width }, v) => {
    widths[layerOf[v]] = Math.max(widths[layerOf[v]], width)
  })
  const entries = new Float64Array(layers.length)
  intoNode.forEach((isNode, w) => {
    if (isNode) entries[layerOf[segments.right[firstSegment[w + 1] - 1]]] = entry
  })
  const climbs = new Float64Array(layers.length)
  for (let s = 0; s < segments.count; s++) {
    const { left, right, leave, enter } = segments
    const climb = Math.abs(top[right[s]] + enter[s] - top[left[s]] - leave[s])
    climbs[layerOf[right[s]]] = Math.max(climbs[layerOf[right[s]]], climb)
  }
  const columns: Column[] = []
  layers.forEach((_, layer) => {
    const start = layer === 0 ? 0 : columns[layer - 1].right + columnGap + Math.min(climbs[layer] / 10, 3 * columnGap)
    const left = start + entries[layer]
    columns.push({ entry: start, left, right: left + widths[layer] })
  })
  return columns
}

/** From the right side of one item to the left side of the other: level in the columns, bent between them. */
function route(
  { segments, firstSegment, layerOf }: Layered,
  { from, to, leave, enter }: Wires,
  w: number,
  top: Float64Array,
  columns: readonly Column[],
  corners: readonly Point[],
  items: readonly Item[],
): Point[] {
  const [source, target] = [from[w], to[w]]
  const points = [{ x: corners[source].x + items[source].width, y: top[source] + leave[w] }]
  for (let s = firstSegment[w]; s < firstSegment[w + 1]; s++) {
    const [u, v] = [segments.left[s], segments.right[s]]
    points.push({ x: columns[layerOf[u]].right, y: top[u] + segments.leave[s] })
    points.push({ x: columns[layerOf[v]].entry, y: top[v] + segments.enter[s] })
  }
  points.push({ x: corners[target].x, y: top[target] + enter[w] })
  return points
}
