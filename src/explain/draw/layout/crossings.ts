/** How many segments cross, given the order of the cells in every column. */
import type { Layered } from './layers.ts'
import { type Buckets, bucket } from './topology.ts'

/** The segments into and out of every cell, from its top to its bottom. */
export interface Sides {
  readonly incoming: Buckets
  readonly outgoing: Buckets
}

export function sidesOf({ cells, segments }: Layered): Sides {
  const by = (height: Float64Array) =>
    Int32Array.from({ length: segments.count }, (_, s) => s).sort((a, b) => height[a] - height[b] || a - b)
  return {
    incoming: bucket(cells, segments.right, by(segments.enter)),
    outgoing: bucket(cells, segments.left, by(segments.leave)),
  }
}

/** All crossings: O(S log S) for S segments (Barth, Jünger and Mutzel 2002). */
export function crossings(graph: Layered, sides: Sides): number {
  let total = 0
  for (let layer = 0; layer + 1 < graph.layers.length; layer++) total += crossingsAfter(graph, sides, layer)
  return total
}

/** Segments in the order of their left ends, and their right ends counted: each inversion is a crossing. */
function crossingsAfter({ layers, segments }: Layered, { incoming, outgoing }: Sides, layer: number): number {
  const { leave } = segments
  const port = new Map<number, number>()
  for (const v of layers[layer + 1]) {
    for (let i = incoming.start[v]; i < incoming.start[v + 1]; i++) port.set(incoming.items[i], port.size)
  }
  const tree = new Int32Array(port.size + 1)
  let inserted = 0
  let total = 0
  for (const u of layers[layer]) {
    for (let i = outgoing.start[u]; i < outgoing.start[u + 1]; ) {
      // What leaves at one point does not cross: all of it is counted before any of it is inserted.
      let end = i
      while (end < outgoing.start[u + 1] && leave[outgoing.items[end]] === leave[outgoing.items[i]]) end++
      for (let k = i; k < end; k++) total += inserted - countUpTo(tree, port.get(outgoing.items[k])! + 1)
      for (; i < end; i++, inserted++) insert(tree, port.get(outgoing.items[i])! + 1)
    }
  }
  return total
}

/** Fenwick's tree: `countUpTo(tree, p)` is how many of the places 1 to p were inserted. */
function insert(tree: Int32Array, place: number): void {
  for (let p = place; p < tree.length; p += p & -p) tree[p]++
}

function countUpTo(tree: Int32Array, place: number): number {
  let count = 0
  for (let p = place; p > 0; p -= p & -p) count += tree[p]
  return count
}
