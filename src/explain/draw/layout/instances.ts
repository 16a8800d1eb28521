/**
 * A scope is drawn as one box. Where a value leaves a scope and something made of it comes back, as with a layer that
 * is used twice, one box would stand both before and after another: such a scope is cut into instances, one per visit.
 *
 * The cut follows one topological order that stays in a scope as long as it can. The boxes are intervals of it, and
 * between intervals of a topological order edges lead forward only.
 */
import type { Links } from '../graph.ts'
import { bucket, topologicalOrder } from './topology.ts'

/**
 * Joins the nodes of a group (-1: of none) to parts between which there is no cycle.
 * @returns the part of every node; the parts of a group ascend in the order in which they are visited.
 */
export function acyclicParts(links: Links, group: Int32Array): Int32Array {
  const whole = wholeGroups(group)
  const quotient = between(links, whole)
  const after = topologicalOrder(quotient)
  if (after.length === quotient.count) return whole
  const before = topologicalOrder({ ...quotient, from: quotient.to, to: quotient.from })
  const isFree = new Uint8Array(quotient.count)
  for (const part of [...after, ...before]) isFree[part] = 1
  const core = Int32Array.from(whole.keys()).filter((v) => !isFree[whole[v]])
  return visits(links, group, core, whole, quotient.count)
}

/** One part per group and one per node without a group, numbered as they are met. */
function wholeGroups(group: Int32Array): Int32Array {
  const partOf = new Map<number, number>()
  let count = 0
  return group.map((g) => {
    if (g < 0) return count++
    if (!partOf.has(g)) partOf.set(g, count++)
    return partOf.get(g)!
  })
}

/** The graph of the parts. */
export function between({ from, to }: Links, parts: Int32Array): Links {
  const crossing = Int32Array.from(from.keys()).filter((e) => parts[from[e]] !== parts[to[e]])
  const count = parts.reduce((most, part) => Math.max(most, part + 1), 0)
  return { count, from: crossing.map((e) => parts[from[e]]), to: crossing.map((e) => parts[to[e]]) }
}

/** Cuts the groups of the core, which lie on or between cycles, at every visit. */
function visits(links: Links, group: Int32Array, core: Int32Array, whole: Int32Array, used: number): Int32Array {
  const { from, to, count } = links
  const isCore = new Uint8Array(count)
  for (const v of core) isCore[v] = 1
  const edges = Int32Array.from(from.keys()).filter((e) => isCore[from[e]] && isCore[to[e]])
  const waiting = new Int32Array(count)
  for (const e of edges) waiting[to[e]]++
  // A leaf would open its scope long before it is needed: it joins its first consumer if that is in its scope.
  const isLeaf = Uint8Array.from(waiting, (n, v) => (isCore[v] && n === 0 ? 1 : 0))
  for (const e of edges) if (isLeaf[from[e]]) waiting[to[e]]--
  const outgoing = bucket(count, from, edges)
  const incoming = bucket(count, to, edges)

  const part = whole.slice()
  for (const v of core) part[v] = -1
  let parts = used
  let openGroup = -1
  let openPart = -1
  const ready = new Ready(group)
  for (const v of core) if (!isLeaf[v] && waiting[v] === 0) ready.add(v)
  for (let v = ready.take(openGroup); v >= 0; v = ready.take(openGroup)) {
    if (group[v] < 0 || group[v] !== openGroup) openPart = parts++
    openGroup = group[v]
    part[v] = openPart
    for (let i = incoming.start[v]; i < incoming.start[v + 1]; i++) {
      const leaf = from[incoming.items[i]]
      if (part[leaf] >= 0 || !isLeaf[leaf]) continue
      part[leaf] = group[leaf] >= 0 && group[leaf] === openGroup ? openPart : parts++
    }
    for (let i = outgoing.start[v]; i < outgoing.start[v + 1]; i++) {
      const w = to[outgoing.items[i]]
      if (--waiting[w] === 0) ready.add(w)
    }
  }
  for (const v of core) if (part[v] < 0) part[v] = parts++
  return compact(part)
}

/** Nodes all of whose inputs are done: by group, and the groups in the order in which they became ready. */
class Ready {
  readonly #group: Int32Array
  readonly #queues = new Map<number, number[]>()

  constructor(group: Int32Array) {
    this.#group = group
  }

  add(v: number): void {
    const queue = this.#queues.get(this.#group[v])
    if (queue) queue.push(v)
    else this.#queues.set(this.#group[v], [v])
  }

  /** The next node of the open group if there is one, else one without a group, else of the group that waits longest. */
  take(open: number): number {
    const [first] = this.#queues.keys()
    const group = [open, -1].find((g) => this.#queues.has(g)) ?? first
    const queue = this.#queues.get(group)
    if (!queue) return -1
    const v = queue.shift()!
    if (queue.length === 0) this.#queues.delete(group)
    return v
  }
}

/** The same parts, numbered from 0 in their order. */
function compact(part: Int32Array): Int32Array {
  const used = [...new Set(part)].sort((a, b) => a - b)
  const place = new Map(used.map((p, i) => [p, i]))
  return part.map((p) => place.get(p)!)
}
