/**
 * Which column a node stands in. Every edge leads to a later column (longest path from the left); then what has more
 * consumers than inputs moves right to them, so that a weight stands just before the product it goes into.
 */
import type { Links } from '../graph.ts'
import { bucket, topologicalOrder } from './topology.ts'

/** Where an item may stand. */
export type Place = 'first' | 'last' | 'between'

/**
 * The column of every item, from 0; `spans` says how many columns each edge leads on at least. Items of place `first` have column 0 to themselves, those of place `last` the last.
 * A node with one consumer and no inputs of its own but such nodes follows that consumer, so that it does not hold it back.
 */
export function rank(links: Links, places: readonly Place[], spans: Uint8Array): Int32Array {
  const { count, from, to } = links
  const order = topologicalOrder(links)
  const incoming = bucket(count, to)
  const outgoing = bucket(count, from)
  const base = places.includes('first') ? 1 : 0
  const ranks = Int32Array.from(places, (place) => (place === 'first' ? 0 : base))
  for (const v of order) {
    for (let i = incoming.start[v]; i < incoming.start[v + 1]; i++) {
      const e = incoming.items[i]
      ranks[v] = Math.max(ranks[v], ranks[from[e]] + spans[e])
    }
  }
  const last = ranks.reduce((most, r, v) => (places[v] === 'last' ? most : Math.max(most, r)), -1) + 1
  for (let v = 0; v < count; v++) if (places[v] === 'last') ranks[v] = last

  const held = heldInputs(links, places, order)
  for (let k = order.length - 1; k >= 0; k--) {
    const v = order[k]
    const uses = outgoing.start[v + 1] - outgoing.start[v]
    if (uses <= held[v] || places[v] !== 'between') continue
    let limit = Infinity
    for (let i = outgoing.start[v]; i < outgoing.start[v + 1]; i++) {
      const e = outgoing.items[i]
      limit = Math.min(limit, ranks[to[e]] - spans[e])
    }
    ranks[v] = limit
  }
  return ranks
}

/** How many edges into a node come from what does not follow it: a move to the right makes each longer. */
function heldInputs({ count, from, to }: Links, places: readonly Place[], order: Int32Array): Int32Array {
  const held = new Int32Array(count)
  const consumer = new Int32Array(count).fill(-1)
  for (let e = 0; e < from.length; e++) {
    const known = consumer[from[e]]
    consumer[from[e]] = known === -1 || known === to[e] ? to[e] : -2
  }
  const incoming = bucket(count, to)
  for (const v of order) {
    for (let i = incoming.start[v]; i < incoming.start[v + 1]; i++) {
      const u = from[incoming.items[i]]
      const follows = consumer[u] === v && held[u] === 0 && places[u] === 'between'
      if (!follows) held[v]++
    }
  }
  return held
}
