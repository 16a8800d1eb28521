/** Regions as items of regions: a scope is arranged with a port for every edge that crosses its border, then framed. */
import type { Links } from '../graph.ts'
import { type Arranged, arrange, type Item } from './arrange.ts'
import type { Wires } from './layers.ts'
import type { Region } from './regions.ts'
import type { Reading } from './topology.ts'
import type { Box, Layout, LayoutNode, PlacedScope, Point, Spacing } from './types.ts'

export interface Work {
  readonly nodes: readonly LayoutNode[]
  readonly links: Links
  /** The heights at which edges leave and enter the outermost box that is arranged so far, from its top. */
  readonly leave: Float64Array
  readonly enter: Float64Array
  readonly keys: Reading
  readonly priority: Uint8Array
  readonly spacing: Spacing
}

/** A region in its frame, and the edges of which its routes are. */
export interface PlacedRegion extends Arranged {
  readonly wires: readonly number[]
}

/** Its items are its own nodes, then the scopes in it, then a port for every edge that enters or leaves. */
export function arrangeRegion(
  regions: readonly Region[],
  placed: readonly PlacedRegion[],
  r: number,
  work: Work,
): PlacedRegion {
  const { edges, incoming, outgoing } = regions[r]
  const { items, itemOf } = itemsOf(regions, placed, r, work)
  const firstPort = items.length
  const port = (side: 'first' | 'last') => (e: number) =>
    ({ width: 0, height: 0, place: side, isScope: false, key: work.keys.edges[e] }) as const
  items.push(...incoming.map(port('first')), ...outgoing.map(port('last')))

  const wires = [...edges, ...incoming, ...outgoing]
  const isIn = (w: number) => w >= edges.length && w < edges.length + incoming.length
  const isOut = (w: number) => w >= edges.length + incoming.length
  const portOf = (w: number) => firstPort + w - edges.length
  const { links, leave, enter, keys, priority } = work
  const ends: Wires = {
    count: items.length,
    from: Int32Array.from(wires, (e, w) => (isIn(w) ? portOf(w) : itemOf.get(links.from[e])!)),
    to: Int32Array.from(wires, (e, w) => (isOut(w) ? portOf(w) : itemOf.get(links.to[e])!)),
    leave: Float64Array.from(wires, (e, w) => (isIn(w) ? 0 : leave[e])),
    enter: Float64Array.from(wires, (e, w) => (isOut(w) ? 0 : enter[e])),
    key: Float64Array.from(wires, (e) => keys.edges[e]),
    priority: Uint8Array.from(wires, (e) => priority[e]),
  }
  const content = arrange(items, ends, work.spacing)
  const framed = r === 0 ? content : frame(content, regions[r], work.spacing)
  incoming.forEach((e, i) => {
    enter[e] = framed.corners[firstPort + i].y
  })
  outgoing.forEach((e, i) => {
    leave[e] = framed.corners[firstPort + incoming.length + i].y
  })
  return { ...framed, wires }
}

/** The nodes and scopes of a region as items, and the item in which each of its nodes is. */
function itemsOf(regions: readonly Region[], placed: readonly PlacedRegion[], r: number, { nodes, keys }: Work) {
  const itemOf = new Map<number, number>()
  const items: Item[] = []
  for (const v of regions[r].direct) {
    itemOf.set(v, items.length)
    const { width, height } = nodes[v]
    items.push({ width, height, place: 'between', isScope: false, key: keys.nodes[v] })
  }
  for (const child of regions[r].children) {
    const { nodes: members } = regions[child]
    for (const v of members) itemOf.set(v, items.length)
    const key = members.reduce((least, v) => Math.min(least, keys.nodes[v]), Infinity)
    const { width, height } = placed[child]
    items.push({ width, height, place: 'between', isScope: true, key })
  }
  return { items, itemOf }
}

/** Moves the content of a scope into its box; its ports, if it has any, stand on the sides of the box already. */
function frame(content: Arranged, { incoming, outgoing }: Region, { padding, caption }: Spacing): Arranged {
  const left = incoming.length > 0 ? 0 : padding
  const right = outgoing.length > 0 ? 0 : padding
  const move = ({ x, y }: Point): Point => ({ x: x + left, y: y + caption + padding })
  return {
    width: content.width + left + right,
    height: content.height + caption + 2 * padding,
    corners: content.corners.map(move),
    routes: content.routes.map((points) => points.map(move)),
  }
}

/** From coordinates in each region to those of the whole, from the outside in. */
export function assemble(regions: readonly Region[], placed: readonly PlacedRegion[], { nodes, links }: Work): Layout {
  const origins: Point[] = [{ x: 0, y: 0 }]
  const boxes: Box[] = new Array(nodes.length)
  const scopes: PlacedScope[] = []
  regions.forEach(({ direct, children, path, instance, instances }, r) => {
    const { width, height } = placed[r]
    if (r > 0) scopes.push({ path, instance, instances, ...origins[r], width, height })
    const corner = (i: number) => moved(placed[r].corners[i], origins[r])
    direct.forEach((v, i) => {
      boxes[v] = { ...corner(i), width: nodes[v].width, height: nodes[v].height }
    })
    children.forEach((child, i) => {
      origins[child] = corner(direct.length + i)
    })
  })
  const { width, height } = placed[0]
  return { width, height, nodes: boxes, edges: routesOf(regions, placed, origins, links.from.length), scopes }
}

/** An edge's way out of scopes, from the innermost, then in the region that holds both its ends, then its way in. */
function routesOf(
  regions: readonly Region[],
  placed: readonly PlacedRegion[],
  origins: readonly Point[],
  count: number,
): Point[][] {
  const pieces = regions.map(({ edges, incoming }, r) => {
    const all = placed[r].routes.map((points) => points.map((point) => moved(point, origins[r])))
    const [firstIn, firstOut] = [edges.length, edges.length + incoming.length]
    return { own: all.slice(0, firstIn), into: all.slice(firstIn, firstOut), out: all.slice(firstOut) }
  })
  const routes: Point[][] = Array.from({ length: count }, () => [])
  regions.toReversed().forEach(({ outgoing }, i) => {
    outgoing.forEach((e, k) => {
      routes[e].push(...pieces[regions.length - 1 - i].out[k])
    })
  })
  regions.forEach(({ edges }, r) => {
    edges.forEach((e, k) => {
      routes[e].push(...pieces[r].own[k])
    })
  })
  regions.forEach(({ incoming }, r) => {
    incoming.forEach((e, k) => {
      routes[e].push(...pieces[r].into[k])
    })
  })
  return routes.map(straightened)
}

const moved = (point: Point, by: Point): Point => ({ x: point.x + by.x, y: point.y + by.y })

/** Without points that repeat the one before or lie inside a level piece. */
function straightened(points: readonly Point[]): Point[] {
  const kept: Point[] = []
  for (const point of points) {
    const last = kept.at(-1)
    if (last && near(last.x, point.x) && near(last.y, point.y)) continue
    const before = kept.at(-2)
    if (last && before && near(before.y, last.y) && near(last.y, point.y)) kept.pop()
    kept.push(last && near(last.y, point.y) ? { x: point.x, y: last.y } : point)
  }
  return kept
}

const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6
