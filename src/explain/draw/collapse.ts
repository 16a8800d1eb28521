/**
 * A picture small enough to be read: scopes are closed, all of one depth at a time and from the inside out, and what no
 * scope structures is cut into sections. A closed part is one node that knows its members; its edges are counted.
 */
import { ArgumentError, checkOptions } from '../../errors/index.ts'
import { linksOf, type Picture, type PictureEdge, type PictureNode, type Sign } from './graph.ts'
import { acyclicParts } from './layout/instances.ts'
import { orderOf, readingOrder } from './layout/topology.ts'

export interface CollapseOptions {
  /** How many nodes may remain, at least 1. */
  readonly maxNodes: number
}

/**
 * The picture itself if it has at most `maxNodes` nodes, else one with parts of it closed. Members of closed nodes are
 * ids of the given picture.
 * @throws ArgumentError where `maxNodes` is not a whole number above 0, or the graph has a cycle or an edge to nowhere.
 * @example collapse({ title: 'f', nodes: ['z', 'y'].map((id) => ({ id, title: id, lines: [], scope: ['f'], role: 'op' })), edges: [{ from: 'z', to: 'y', slot: 0 }] }, { maxNodes: 1 }).nodes[0].lines // ['2 nodes']
 */
export function collapse(picture: Picture, options: CollapseOptions): Picture {
  checkOptions('collapse', options, ['maxNodes'])
  const { maxNodes } = options
  if (!(Number.isInteger(maxNodes) && maxNodes > 0))
    throw new ArgumentError(`collapse: maxNodes must be a whole number above 0, got ${maxNodes}`)
  orderOf('collapse', linksOf('collapse', picture.nodes, picture.edges), picture.nodes)
  let smaller = picture
  const deepest = picture.nodes.reduce((most, { scope }) => Math.max(most, scope.length), 0)
  for (let depth = deepest; depth > 0 && smaller.nodes.length > maxNodes; depth--) smaller = closeScopes(picture, depth)
  return smaller.nodes.length > maxNodes ? cutIntoSections(smaller, maxNodes) : smaller
}

/** What is `depth` or more scopes deep becomes one node per scope, or one per visit to it (layout/instances.ts). */
function closeScopes(picture: Picture, depth: number): Picture {
  const { nodes, edges } = picture
  const groups = new Map<string, number>()
  const group = Int32Array.from(nodes, ({ scope }) => {
    if (scope.length < depth) return -1
    const path = JSON.stringify(scope.slice(0, depth))
    if (!groups.has(path)) groups.set(path, groups.size)
    return groups.get(path)!
  })
  const parts = acyclicParts(linksOf('collapse', nodes, edges), group)
  const visits = new Map<number, number[]>()
  parts.forEach((part, v) => {
    const known = visits.get(group[v]) ?? []
    if (!known.includes(part))
      visits.set(
        group[v],
        [...known, part].sort((a, b) => a - b),
      )
  })
  return fold(picture, parts, (first) => {
    const { scope } = nodes[first]
    const path = scope.slice(0, depth)
    const all = [...visits.get(group[first])!].sort((a, b) => a - b)
    const place = all.indexOf(parts[first]) + 1
    const title = all.length > 1 ? `${path[depth - 1]} (${place} of ${all.length})` : path[depth - 1]
    return { id: [...path, ...(all.length > 1 ? [place] : [])].join('/'), title, scope: path.slice(0, -1) }
  })
}

/** Intervals of an order of computation, about as many as each has nodes: neither level is harder to read than the other. */
function cutIntoSections(picture: Picture, maxNodes: number): Picture {
  const { nodes, edges } = picture
  const links = linksOf('collapse', nodes, edges)
  const isTarget = new Set(links.to)
  const isSource = new Set(links.from)
  const isEnd = (v: number) =>
    (nodes[v].role === 'input' && !isTarget.has(v)) || (nodes[v].role === 'output' && !isSource.has(v))
  const slots = edges.map(({ slot }) => slot)
  const order = [...readingOrder(links, slots).computed]
  const ends = order.filter(isEnd)
  const keepsEnds = ends.length <= maxNodes / 2
  const kept = keepsEnds ? ends : []
  const inside = keepsEnds ? order.filter((v) => !isEnd(v)) : order
  const count = Math.min(
    maxNodes - kept.length,
    Math.ceil(Math.max(Math.sqrt(inside.length), inside.length / maxNodes)),
  )
  const parts = new Int32Array(nodes.length)
  inside.forEach((v, i) => {
    parts[v] = Math.floor((i * count) / inside.length)
  })
  kept.forEach((v, i) => {
    parts[v] = count + i
  })
  return fold(picture, parts, (first) => ({
    id: `section ${parts[first] + 1}`,
    title: `section ${parts[first] + 1} of ${count}`,
    scope: [],
  }))
}

type Name = Pick<PictureNode, 'id' | 'title' | 'scope'>

/** One node per part, in the order of their first nodes; parts of one node stay what they are. */
function fold(picture: Picture, parts: Int32Array, nameOf: (first: number) => Name): Picture {
  const members = new Map<number, number[]>()
  for (const [v, part] of parts.entries()) entry(members, part, () => []).push(v)
  const taken = new Set(picture.nodes.map(({ id }) => id))
  const idOf = new Map<string, string>()
  const nodes = Array.from(members.values(), (part) => {
    const inside = part.map((v) => picture.nodes[v])
    const folded = part.length === 1 ? inside[0] : closed(nameOf(part[0]), inside, taken)
    for (const { id } of inside) idOf.set(id, folded.id)
    return folded
  })
  return { title: picture.title, nodes, edges: joined(picture.edges, idOf) }
}

function closed({ id, title, scope }: Name, inside: readonly PictureNode[], taken: Set<string>): PictureNode {
  let free = id
  while (taken.has(free)) free += '+'
  taken.add(free)
  const members = inside.flatMap((node) => node.members ?? [node.id])
  const parameters = inside.filter(({ role }) => role === 'parameter').length
  return {
    id: free,
    title,
    lines: [`${members.length} nodes`, ...(parameters > 0 ? [counted(parameters, 'parameter')] : [])],
    scope,
    role: inside.some(({ role }) => role === 'output') ? 'output' : 'op',
    sign: commonSign(inside),
    highlighted: inside.some(({ highlighted }) => highlighted),
    warning: inside.some(({ warning }) => warning),
    members,
  }
}

/** One edge per pair of nodes if one of them is closed; others stay what they are. */
function joined(edges: readonly PictureEdge[], idOf: ReadonlyMap<string, string>): PictureEdge[] {
  const targets = new Map<string, Map<string, PictureEdge[]>>()
  const kept: PictureEdge[] = []
  for (const edge of edges) {
    const [from, to] = [idOf.get(edge.from)!, idOf.get(edge.to)!]
    if (from === edge.from && to === edge.to) kept.push(edge)
    else if (from !== to)
      entry(
        entry(targets, to, () => new Map()),
        from,
        () => [],
      ).push(edge)
  }
  const bundles = [...targets].flatMap(([to, sources]) =>
    [...sources].map(([from, all], place) => bundle(all, from, to, all[0].to === to ? all[0].slot : place)),
  )
  return [...kept, ...bundles]
}

/** What the map has for the key, after making it if there is nothing. */
function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

function bundle(all: readonly PictureEdge[], from: string, to: string, slot: number): PictureEdge {
  const count = all.reduce((sum, edge) => sum + (edge.count ?? 1), 0)
  if (count === 1) return { ...all[0], from, to, slot }
  const weights = all.flatMap(({ weight }) => (weight === undefined ? [] : [weight]))
  return {
    from,
    to,
    slot,
    label: `×${count}`,
    weight: weights.length > 0 ? Math.max(...weights) : undefined,
    sign: commonSign(all),
    highlighted: all.some(({ highlighted }) => highlighted),
    count,
  }
}

/** The sign that all have, if they have one. */
function commonSign(parts: readonly { readonly sign?: Sign }[]): Sign | undefined {
  const [{ sign }] = parts
  return parts.every((part) => part.sign === sign) ? sign : undefined
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
