/**
 * The boxes of a picture, from the outside in: a region is the whole or one instance of a scope. An edge belongs to
 * the innermost region that holds both its ends; the regions between that one and an end know it as a port.
 */
import type { Links } from '../graph.ts'
import { acyclicParts } from './instances.ts'

export interface Region {
  /** Names from the outside in; `[]` for the whole. */
  readonly path: readonly string[]
  /** Which visit to the scope this is, from 1, and how many there are. */
  readonly instance: number
  readonly instances: number
  readonly parent: number
  readonly nodes: readonly number[]
  /** Edges between two of its items. */
  readonly edges: readonly number[]
  /** Edges that enter and leave it. */
  readonly incoming: readonly number[]
  readonly outgoing: readonly number[]
  /** Its items: its own nodes and, as regions, the scopes in it. */
  readonly direct: readonly number[]
  readonly children: readonly number[]
}

type Open = { -readonly [K in keyof Region]: Region[K] extends readonly number[] ? number[] : Region[K] }

/** All regions, each after the one around it; the first is the whole. */
export function divide(scopes: readonly (readonly string[])[], links: Links): Region[] {
  const whole = open([], -1, 1, 1)
  whole.nodes = scopes.map((_, v) => v)
  const regions: Open[] = [whole]
  const inside = [Array.from(links.from, (_, e) => e)]
  for (let r = 0; r < regions.length; r++) inside.push(...divideOne(regions, r, scopes, links, inside[r]))
  return regions
}

const open = (path: readonly string[], parent: number, instance: number, instances: number): Open => ({
  path,
  parent,
  instance,
  instances,
  nodes: [],
  edges: [],
  incoming: [],
  outgoing: [],
  direct: [],
  children: [],
})

/** Finds the items of one region, appends its children, and returns the edges inside of each of these. */
function divideOne(
  regions: Open[],
  r: number,
  scopes: readonly (readonly string[])[],
  { from, to }: Links,
  edges: readonly number[],
): number[][] {
  const region = regions[r]
  const depth = region.path.length
  const place = new Map(region.nodes.map((v, i) => [v, i]))
  const names = new Map<string, number>()
  const group = Int32Array.from(region.nodes, (v) => {
    const name = scopes[v][depth]
    if (name === undefined) return -1
    if (!names.has(name)) names.set(name, names.size)
    return names.get(name)!
  })
  if (names.size === 0) {
    region.direct.push(...region.nodes)
    region.edges.push(...edges)
    return []
  }
  const local = (ends: Int32Array) => Int32Array.from(edges, (e) => place.get(ends[e])!)
  const parts = acyclicParts({ count: region.nodes.length, from: local(from), to: local(to) }, group)
  const childOf = appendChildren(regions, r, [...names.keys()], group, parts)
  const homeOf = (v: number): number => {
    const i = place.get(v)
    return i === undefined || group[i] < 0 ? -1 : childOf.get(parts[i])!
  }
  const inside: number[][] = region.children.map(() => [])
  const firstChild = region.children[0]
  for (const e of edges) {
    const [source, target] = [homeOf(from[e]), homeOf(to[e])]
    if (source >= 0 && source === target) {
      inside[source - firstChild].push(e)
      continue
    }
    region.edges.push(e)
    if (source >= 0) regions[source].outgoing.push(e)
    if (target >= 0) regions[target].incoming.push(e)
  }
  for (const e of region.incoming) if (homeOf(to[e]) >= 0) regions[homeOf(to[e])].incoming.push(e)
  for (const e of region.outgoing) if (homeOf(from[e]) >= 0) regions[homeOf(from[e])].outgoing.push(e)
  return inside
}

/** One region per part of a group; returns which. */
function appendChildren(
  regions: Open[],
  parent: number,
  names: readonly string[],
  group: Int32Array,
  parts: Int32Array,
): Map<number, number> {
  const { path, nodes, direct, children } = regions[parent]
  const partsOf = names.map(() => new Set<number>())
  parts.forEach((part, i) => {
    if (group[i] >= 0) partsOf[group[i]].add(part)
  })
  const childOf = new Map<number, number>()
  partsOf.forEach((own, g) => {
    const visits = [...own].sort((a, b) => a - b)
    visits.forEach((part, k) => {
      childOf.set(part, regions.length)
      children.push(regions.length)
      regions.push(open([...path, names[g]], parent, k + 1, visits.length))
    })
  })
  nodes.forEach((v, i) => {
    if (group[i] < 0) direct.push(v)
    else regions[childOf.get(parts[i])!].nodes.push(v)
  })
  return childOf
}
