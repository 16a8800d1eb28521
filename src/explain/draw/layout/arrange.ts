/** One region: its items in columns, its wires from column to column. Coordinates are relative to its content. */
import { type Layered, layered, type Wires } from './layers.ts'
import { reduceCrossings } from './order.ts'
import { placeCells } from './place.ts'
import { offRails, placeRails, railsOf } from './rails.ts'
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
  const ranks = rank(wires, places, spansOf(items, wires, hasInput))
  const rails = railsOf(wires, ranks)
  const { wires: kept, number } = offRails(wires, rails)
  const graph = layered(kept, ranks, heights, keys)
  reduceCrossings(graph)
  const isThin = (v: number) => graph.heights[v] === 0
  const { nodeGap, edgeGap } = spacing
  const top = placeCells(graph, (a, b) => {
    if (isThin(a) && isThin(b)) return edgeGap
    return isThin(a) || isThin(b) ? (nodeGap + edgeGap) / 2 : nodeGap
  })
  const rail = placeRails(rails, wires, graph, top, edgeGap)
  const columns = columnsOf(graph, items, top, wires.to, spacing)
  const corners = items.map(({ width }, v) => {
    const { left, right } = columns[graph.layerOf[v]]
    return { x: hasInput[v] ? left : right - width, y: top[v] }
  })
  const bottom = top.reduce((most, y, v) => Math.max(most, y + graph.heights[v]), 0)
  const height = [...rail.values()].reduce((most, y) => Math.max(most, y), bottom)
  const routes: Point[][] = new Array(wires.from.length)
  const ends = { wires, top, corners, items }
  number.forEach((w, k) => {
    routes[w] = route(ends, w, bends(graph, k, top, columns))
  })
  for (const [w, y] of rail) routes[w] = route(ends, w, railBends(ends, graph, w, y, columns))
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
  { layers, layerOf, segments }: Layered,
  items: readonly Item[],
  top: Float64Array,
  targets: Int32Array,
  { columnGap, entry }: Spacing,
): Column[] {
  const widths = new Float64Array(layers.length)
  items.forEach(({ width }, v) => {
    widths[layerOf[v]] = Math.max(widths[layerOf[v]], width)
  })
  const entries = new Float64Array(layers.length)
  for (const v of targets) if (items[v].place === 'between' && !items[v].isScope) entries[layerOf[v]] = entry
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

interface Ends {
  readonly wires: Wires
  readonly top: Float64Array
  readonly corners: readonly Point[]
  readonly items: readonly Item[]
}

/** From the right side of one item to the left side of the other: level in the columns, bent between them. */
function route({ wires: { from, to, leave, enter }, top, corners, items }: Ends, w: number, between: Point[]): Point[] {
  const [source, target] = [from[w], to[w]]
  const first = { x: corners[source].x + items[source].width, y: top[source] + leave[w] }
  return [first, ...between, { x: corners[target].x, y: top[target] + enter[w] }]
}

/** The bends of the kept edge k: from cell to cell. */
function bends({ segments, firstSegment, layerOf }: Layered, k: number, top: Float64Array, columns: readonly Column[]) {
  const points: Point[] = []
  for (let s = firstSegment[k]; s < firstSegment[k + 1]; s++) {
    const [u, v] = [segments.left[s], segments.right[s]]
    points.push({ x: columns[layerOf[u]].right, y: top[u] + segments.leave[s] })
    points.push({ x: columns[layerOf[v]].entry, y: top[v] + segments.enter[s] })
  }
  return points
}

/** Those of an edge on a rail: to its height behind the source, and back before the target. */
function railBends(
  { wires: { from, to, leave, enter }, top }: Ends,
  { layerOf }: Layered,
  w: number,
  y: number,
  columns: readonly Column[],
): Point[] {
  const [source, target] = [layerOf[from[w]], layerOf[to[w]]]
  return [
    { x: columns[source].right, y: top[from[w]] + leave[w] },
    { x: columns[source + 1].entry, y },
    { x: columns[target - 1].right, y },
    { x: columns[target].entry, y: top[to[w]] + enter[w] },
  ]
}
