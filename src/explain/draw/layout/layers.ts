/**
 * The columns as the later steps see them: cells, which are items or the places where a long edge passes a column, and
 * segments, each from one column to the next.
 */
import type { Links } from '../graph.ts'
import { bucket } from './topology.ts'

/** Edges with the heights at which they leave and enter, measured from the tops of their items. */
export interface Wires extends Links {
  readonly leave: Float64Array
  readonly enter: Float64Array
  /** For the first order in a column. */
  readonly key: Float64Array
  /** MAIN or PLAIN. */
  readonly priority: Uint8Array
}

/** What matters more is kept straight first. */
export const PLAIN = 0
/** From the deepest input: the thread of the computation, as against a weight that joins it. */
export const MAIN = 1
/** The inside of a long edge. */
export const INNER = 2

export interface Layered {
  readonly cells: number
  /** Cells below this one are the items of the same number. */
  readonly items: number
  readonly layerOf: Int32Array
  readonly heights: Float64Array
  readonly keys: Float64Array
  /** From the left to the right, each from the top to the bottom. */
  readonly layers: readonly number[][]
  readonly segments: Segments
  /** Edge e is made of the segments from `firstSegment[e]` up to `firstSegment[e + 1]`. */
  readonly firstSegment: Int32Array
}

export interface Segments {
  readonly count: number
  readonly left: Int32Array
  readonly right: Int32Array
  readonly leave: Float64Array
  readonly enter: Float64Array
  readonly priority: Uint8Array
}

/** Cuts every edge at the columns that it passes. `keys` are those of the items. */
export function layered(wires: Wires, ranks: Int32Array, heights: Float64Array, keys: Float64Array): Layered {
  const { count, from, to } = wires
  const edges = from.length
  const firstSegment = new Int32Array(edges + 1)
  for (let e = 0; e < edges; e++) firstSegment[e + 1] = firstSegment[e] + ranks[to[e]] - ranks[from[e]]
  const total = firstSegment[edges]
  const cells = count + total - edges
  const grow = <A extends Int32Array | Float64Array>(grown: A, known: A): A => {
    grown.set(known)
    return grown
  }
  const layerOf = grow(new Int32Array(cells), ranks)
  const allKeys = grow(new Float64Array(cells), keys)
  const segments = {
    count: total,
    left: new Int32Array(total),
    right: new Int32Array(total),
    leave: new Float64Array(total),
    enter: new Float64Array(total),
    priority: new Uint8Array(total),
  }
  let cell = count
  for (let e = 0; e < edges; e++) {
    const [first, last] = [firstSegment[e], firstSegment[e + 1] - 1]
    for (let s = first; s <= last; s++) {
      segments.left[s] = s === first ? from[e] : cell - 1
      segments.right[s] = s === last ? to[e] : cell
      segments.priority[s] = s > first && s < last ? INNER : wires.priority[e]
      if (s === last) continue
      layerOf[cell] = ranks[from[e]] + 1 + s - first
      allKeys[cell++] = wires.key[e]
    }
    segments.leave[first] = wires.leave[e]
    segments.enter[last] = wires.enter[e]
  }
  const allHeights = grow(new Float64Array(cells), heights)
  const layers = initialLayers(layerOf, allKeys)
  return { cells, items: count, layerOf, heights: allHeights, keys: allKeys, layers, segments, firstSegment }
}

function initialLayers(layerOf: Int32Array, keys: Float64Array): number[][] {
  const depth = layerOf.reduce((most, layer) => Math.max(most, layer + 1), 0)
  const { start, items } = bucket(depth, layerOf)
  return Array.from({ length: depth }, (_, layer) =>
    Array.from(items.subarray(start[layer], start[layer + 1])).sort((a, b) => keys[a] - keys[b] || a - b),
  )
}

/** MAIN for the edge from the deepest input of each node, if one alone is the deepest; PLAIN for the others. */
export function mainEdges(links: Links, order: Int32Array): Uint8Array {
  const { count, from, to } = links
  const incoming = bucket(count, to)
  const depth = new Int32Array(count)
  const main = new Uint8Array(from.length)
  for (const v of order) {
    const edges = incoming.items.subarray(incoming.start[v], incoming.start[v + 1])
    const deepest = edges.reduce((most, e) => Math.max(most, depth[from[e]]), -1)
    depth[v] = deepest + 1
    const candidates = edges.filter((e) => depth[from[e]] === deepest)
    if (candidates.length === 1) main[candidates[0]] = MAIN
  }
  return main
}
