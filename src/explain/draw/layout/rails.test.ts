/** Long edges of large graphs: led around everything, in a time that grows with the size and not with its square. */
import { describe, expect, it } from 'vitest'
import { type LayoutGraph, layout, type Point } from '../layout.ts'

/** h = h · w, with the weights in turn. */
function loopOf(passes: number, weights: number, scope: readonly string[] = []): LayoutGraph {
  const ids = Array.from({ length: weights }, (_, i) => `w${i}`)
  const made = Array.from({ length: passes }, (_, i) => `h${i}`)
  const size = { width: 100, height: 40 }
  return {
    nodes: [
      ...ids.map((id) => ({ id, ...size, scope: [] })),
      ...made.map((id) => ({ id, ...size, scope })),
      { id: 'end', ...size, scope: [] },
    ],
    edges: [
      ...made.slice(1).flatMap((to, i) => [
        { from: made[i], to, slot: 0 },
        { from: ids[i % weights], to, slot: 1 },
      ]),
      { from: made[passes - 1], to: 'end', slot: 0 },
    ],
  }
}

/** The longest stretch that is level. */
function levelOf(route: readonly Point[]): { readonly y: number; readonly length: number } {
  let best = { y: 0, length: 0 }
  for (const [i, { x, y }] of route.slice(1).entries())
    if (y === route[i].y && x - route[i].x > best.length) best = { y, length: x - route[i].x }
  return best
}

/** Whether a piece of an edge, level or bent once, runs over a node. */
function hits({ edges, nodes }: ReturnType<typeof layout>): boolean {
  return edges.some((route) =>
    route.slice(1).some((b, i) => {
      const a = route[i]
      const [low, high] = [Math.min(a.y, b.y), Math.max(a.y, b.y)]
      return nodes.some(
        ({ x, y, width, height }) =>
          a.x < x + width - 1e-6 && x < b.x - 1e-6 && low < y + height - 1e-6 && y < high - 1e-6,
      )
    }),
  )
}

describe('rails', () => {
  it('lead what is read again in a long loop around everything, a line for each source', () => {
    const graph = loopOf(480, 3)
    const done = layout(graph)
    for (const source of ['w0', 'w1', 'w2']) {
      const levels = graph.edges.flatMap(({ from }, e) => (from === source ? [levelOf(done.edges[e])] : []))
      const far = levels.filter(({ length }) => length > 5000)
      expect(far.length).toBeGreaterThan(100)
      const [{ y: height }] = far
      expect(far.every(({ y }) => y === height)).toBe(true)
      expect(done.nodes.every(({ y, height: h }) => height < y || height > y + h)).toBe(true)
      expect(height).toBeGreaterThanOrEqual(0)
      expect(height).toBeLessThanOrEqual(done.height)
    }
    expect(hits(done)).toBe(false)
  })

  it('run inside of the box of a scope', () => {
    const graph = loopOf(300, 2, ['loop'])
    const done = layout(graph)
    const [box] = done.scopes
    const inside = graph.edges.flatMap(({ from }, e) => (from.startsWith('w') ? [levelOf(done.edges[e])] : []))
    const far = inside.filter(({ length }) => length > 5000)
    expect(far.length).toBeGreaterThan(100)
    for (const { y } of far) expect(y > box.y && y < box.y + box.height).toBe(true)
    expect(hits(done)).toBe(false)
  })

  it('are for large graphs only: a small loop keeps its edges between the nodes', () => {
    const graph = loopOf(40, 2)
    const done = layout(graph)
    const [first] = done.nodes.map(({ y }) => y).sort((a, b) => a - b)
    const levels = graph.edges.map((_, e) => levelOf(done.edges[e]).y)
    expect(Math.min(...levels)).toBeGreaterThanOrEqual(first)
    expect(hits(done)).toBe(false)
  })

  it('keep the time to the size: five times the nodes are not twenty-five times the work', () => {
    const time = (passes: number) => {
      const graph = loopOf(passes, 4)
      const start = process.cpuUsage()
      layout(graph)
      const { user, system } = process.cpuUsage(start)
      return user + system
    }
    time(1000)
    const small = Math.min(time(1000), time(1000))
    expect(time(5000)).toBeLessThan(15 * small)
  })
})
