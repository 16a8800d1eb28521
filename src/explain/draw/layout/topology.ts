/** Walks over a graph given by numbers; none recurses, since a graph may be as deep as it is large. */
import { ArgumentError } from '../../../errors/index.ts'
import type { Links } from '../graph.ts'

/** Numbers sorted into lists: list k is `items.subarray(start[k], start[k + 1])`. */
export interface Buckets {
  readonly start: Int32Array
  readonly items: Int32Array
}

/** List k holds the i with `keys[i] === k`, in the order of `sequence`: ascending if none is given. */
export function bucket(count: number, keys: ArrayLike<number>, sequence?: ArrayLike<number>): Buckets {
  const length = sequence?.length ?? keys.length
  const start = new Int32Array(count + 1)
  for (let i = 0; i < length; i++) start[keys[sequence ? sequence[i] : i] + 1]++
  for (let k = 0; k < count; k++) start[k + 1] += start[k]
  const next = start.slice()
  const items = new Int32Array(length)
  for (let i = 0; i < length; i++) {
    const item = sequence ? sequence[i] : i
    items[next[keys[item]]++] = item
  }
  return { start, items }
}

/** Kahn's order: every node after those that lead to it. It is shorter than the graph where there is a cycle. */
export function topologicalOrder({ count, from, to }: Links): Int32Array {
  const outgoing = bucket(count, from)
  const waiting = new Int32Array(count)
  for (let e = 0; e < to.length; e++) waiting[to[e]]++
  const order = new Int32Array(count)
  let filled = 0
  for (let v = 0; v < count; v++) if (waiting[v] === 0) order[filled++] = v
  for (let next = 0; next < filled; next++) {
    const v = order[next]
    for (let i = outgoing.start[v]; i < outgoing.start[v + 1]; i++) {
      const w = to[outgoing.items[i]]
      if (--waiting[w] === 0) order[filled++] = w
    }
  }
  return order.subarray(0, filled)
}

/** @throws ArgumentError that names the nodes of a cycle. */
export function orderOf(name: string, links: Links, ids: readonly { readonly id: string }[]): Int32Array {
  const order = topologicalOrder(links)
  if (order.length === links.count) return order
  const cycle = findCycle(links, order).map((v) => `'${ids[v].id}'`)
  const shown = cycle.length > 6 ? [...cycle.slice(0, 5), '...', cycle[0]] : [...cycle, cycle[0]]
  throw new ArgumentError(`${name}: a computation has no cycle, but ${shown.join(' -> ')} is one`)
}

/** Every node that Kahn's order leaves out has a predecessor that is left out: walking back must come round. */
function findCycle({ count, from, to }: Links, order: Int32Array): number[] {
  const done = new Uint8Array(count)
  for (const v of order) done[v] = 1
  const incoming = bucket(count, to)
  const seen = new Map<number, number>()
  const walk: number[] = []
  for (let v = done.indexOf(0); ; ) {
    const met = seen.get(v)
    if (met !== undefined) return walk.slice(met).reverse()
    seen.set(v, walk.length)
    walk.push(v)
    const edges = incoming.items.subarray(incoming.start[v], incoming.start[v + 1])
    v = from[edges.find((e) => !done[from[e]])!]
  }
}

/** Numbers by which nodes and edges can be compared, and the nodes in an order in which they can be computed. */
export interface Reading {
  readonly nodes: Int32Array
  readonly edges: Int32Array
  readonly computed: Int32Array
}

/**
 * The order in which a reader meets nodes and edges from the outputs back, the first argument first. Placed from top to
 * bottom by it, an expression tree has no crossings. `computed` is the order in which a reader is done with the nodes:
 * each after its inputs, and what is made of one another close together.
 */
export function readingOrder({ count, from, to }: Links, slots: ArrayLike<number>): Reading {
  const nodes = new Int32Array(count).fill(-1)
  const edges = new Int32Array(from.length)
  const computed: number[] = []
  const bySlot = Int32Array.from(to.keys()).sort((a, b) => slots[a] - slots[b] || a - b)
  const incoming = bucket(count, to, bySlot)
  const isUsed = new Uint8Array(count)
  for (let e = 0; e < from.length; e++) isUsed[from[e]] = 1
  let met = 0
  const next = incoming.start.slice(0, count)
  for (let sink = 0; sink < count; sink++) {
    if (isUsed[sink]) continue
    const stack = [sink]
    nodes[sink] = met++
    while (stack.length > 0) {
      const v = stack[stack.length - 1]
      if (next[v] === incoming.start[v + 1]) {
        computed.push(v)
        stack.pop()
        continue
      }
      const e = incoming.items[next[v]++]
      edges[e] = met++
      if (nodes[from[e]] >= 0) continue
      nodes[from[e]] = met++
      stack.push(from[e])
    }
  }
  return { nodes, edges, computed: Int32Array.from(computed) }
}
