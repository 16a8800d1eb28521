/** What holds for every layout: of drawn examples, of random graphs with random scopes, and of large ones. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../../errors/index.ts'
import { type Box, type LayoutGraph, layout, type Point } from './layout.ts'

type Wiring = readonly (readonly [from: string, to: string])[]

/** Nodes of one size, and slots counted per node in the order of the edges. */
function graphOf(wiring: Wiring, scopes: Readonly<Record<string, readonly string[]>> = {}): LayoutGraph {
  const ids = [...new Set([...wiring.flat(), ...Object.keys(scopes)])]
  const slots = new Map<string, number>()
  return {
    nodes: ids.map((id) => ({ id, width: 100, height: 40, scope: scopes[id] ?? [] })),
    edges: wiring.map(([from, to]) => {
      const slot = slots.get(to) ?? 0
      slots.set(to, slot + 1)
      return { from, to, slot }
    }),
  }
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width - 1e-6 && b.x < a.x + a.width - 1e-6 && a.y < b.y + b.height - 1e-6 && b.y < a.y + a.height - 1e-6

const contains = (outer: Box, inner: Box): boolean =>
  inner.x >= outer.x - 1e-6 &&
  inner.y >= outer.y - 1e-6 &&
  inner.x + inner.width <= outer.x + outer.width + 1e-6 &&
  inner.y + inner.height <= outer.y + outer.height + 1e-6

/** The boxes around the pieces of a route, each level or bent once. */
const pieces = (route: readonly Point[]): Box[] =>
  route.slice(1).map((end, i) => {
    const start = route[i]
    const [y, height] = [Math.min(start.y, end.y), Math.abs(start.y - end.y)]
    return { x: start.x, y, width: end.x - start.x, height }
  })

function check(graph: LayoutGraph): void {
  const { nodes, edges, scopes, width, height } = layout(graph)
  const boxOf = new Map(graph.nodes.map(({ id }, v) => [id, nodes[v]]))
  const page = { x: 0, y: 0, width, height }
  for (const [v, box] of nodes.entries()) {
    expect(contains(page, box)).toBe(true)
    expect(nodes.slice(v + 1).some((other) => overlap(box, other))).toBe(false)
  }
  const ends = new Set<string>()
  for (const [e, { from, to }] of graph.edges.entries()) {
    const [source, target] = [boxOf.get(from)!, boxOf.get(to)!]
    const [start, end] = [edges[e][0], edges[e][edges[e].length - 1]]
    expect(start.x).toBeCloseTo(source.x + source.width, 6)
    expect(end.x).toBeCloseTo(target.x, 6)
    expect(end.y).toBeGreaterThan(target.y)
    expect(end.y).toBeLessThan(target.y + target.height)
    ends.add(`${end.x} ${end.y.toFixed(3)}`)
    for (const piece of pieces(edges[e])) {
      expect(piece.width).toBeGreaterThan(0)
      expect(nodes.filter((box) => overlap(box, piece))).toEqual([])
    }
  }
  expect(ends.size).toBe(graph.edges.length)
  checkScopes(graph, nodes, scopes)
}

/** Each node is in one box of each of its scopes and in no other box; boxes are in one another or apart. */
function checkScopes(
  graph: LayoutGraph,
  nodes: readonly Box[],
  scopes: readonly (Box & { readonly path: readonly string[] })[],
): void {
  for (const [v, { scope }] of graph.nodes.entries()) {
    const around = scopes.filter((box) => contains(box, nodes[v])).map(({ path }) => path)
    expect(around).toEqual(scope.map((_, depth) => scope.slice(0, depth + 1)))
    for (const box of scopes) if (!contains(box, nodes[v])) expect(overlap(box, nodes[v])).toBe(false)
  }
  for (const [i, a] of scopes.entries()) {
    for (const b of scopes.slice(i + 1)) {
      const isInside = b.path.length > a.path.length && contains(a, b)
      expect(isInside || !overlap(a, b)).toBe(true)
    }
  }
}

const randomGraph = fc
  .array(
    fc.record({
      inputs: fc.array(fc.nat(1000), { maxLength: 3 }),
      scope: fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 }),
      width: fc.integer({ min: 20, max: 200 }),
      height: fc.integer({ min: 20, max: 90 }),
    }),
    { maxLength: 26 },
  )
  .map((drawn): LayoutGraph => {
    const nodes = drawn.map(({ width, height, scope }, v) => ({ id: `n${v}`, width, height, scope }))
    const edges = drawn.flatMap(({ inputs }, v) =>
      v === 0 ? [] : inputs.map((input, slot) => ({ from: `n${input % v}`, to: `n${v}`, slot })),
    )
    return { nodes, edges }
  })

describe('layout', () => {
  it('keeps everything apart, leads every edge to the right and around nodes, whatever the scopes', () => {
    fc.assert(fc.property(randomGraph, check), { numRuns: 300 })
  })

  it('is the same every time, and plain data', () => {
    fc.assert(
      fc.property(randomGraph, (graph) => {
        const once = layout(graph)
        expect(layout(structuredClone(graph))).toEqual(once)
        expect(structuredClone(once)).toEqual(once)
      }),
      { numRuns: 50 },
    )
  })

  it('draws a chain as one straight line', () => {
    const names = Array.from({ length: 12 }, (_, i) => `n${i}`)
    const { edges, height } = layout(graphOf(names.slice(1).map((to, i) => [names[i], to])))
    expect(height).toBe(40)
    for (const route of edges) expect(route.length).toBe(2)
  })

  it('keeps the thread of a computation straight where weights join it', () => {
    const graph = graphOf([
      ['x', 'neg'],
      ['neg', 'mul'],
      ['w', 'mul'],
      ['mul', 'add'],
      ['b', 'add'],
      ['add', 'tanh'],
    ])
    const { edges } = layout(graph)
    const bent = graph.edges.filter((_, e) => edges[e].length > 2).map(({ from }) => from)
    expect(bent).toEqual(['w', 'b'])
  })

  it('puts a leaf into the column before its first consumer', () => {
    const graph = graphOf([
      ['x', 'a'],
      ['a', 'b'],
      ['b', 'c'],
      ['w', 'c'],
    ])
    const { nodes } = layout(graph)
    const at = (id: string) => nodes[graph.nodes.findIndex((node) => node.id === id)].x
    expect(at('w')).toBe(at('b'))
  })

  it('gives each slot of x·x an edge of its own, the first slot above', () => {
    const { edges } = layout(
      graphOf([
        ['x', 'mul'],
        ['x', 'mul'],
      ]),
    )
    const [first, second] = edges.map((route) => route[route.length - 1].y)
    expect(second - first).toBe(20)
  })

  it('draws a tree without crossings', () => {
    const wiring: [string, string][] = []
    for (let v = 2; v < 32; v++) wiring.push([`n${v}`, `n${Math.floor(v / 2)}`])
    const { nodes, edges } = layout(graphOf(wiring))
    const crossing = edges.some((a, i) =>
      edges.some((b, k) => {
        if (k <= i || a[0].x !== b[0].x) return false
        return (a[0].y - b[0].y) * (a[a.length - 1].y - b[b.length - 1].y) < 0
      }),
    )
    expect(nodes.length).toBe(31)
    expect(crossing).toBe(false)
  })
})

describe('scopes', () => {
  it('cuts a scope that a value leaves and comes back to', () => {
    const graph = graphOf(
      [
        ['x', 'f1'],
        ['w', 'f1'],
        ['f1', 'h'],
        ['h', 'f2'],
        ['w2', 'f2'],
        ['f2', 'y'],
      ],
      { f1: ['layer'], f2: ['layer'], w: ['layer'], w2: ['layer'] },
    )
    const { scopes } = layout(graph)
    expect(scopes.map(({ path, instance, instances }) => [path.join('/'), instance, instances])).toEqual([
      ['layer', 1, 2],
      ['layer', 2, 2],
    ])
    check(graph)
  })

  it('cuts scopes that feed each other, and only these', () => {
    const graph = graphOf(
      [
        ['a1', 'b1'],
        ['b2', 'a2'],
      ],
      { a1: ['a'], a2: ['a'], b1: ['b'], b2: ['b'] },
    )
    expect(layout(graph).scopes.length).toBeGreaterThan(2)
    check(graph)
    const oneWay = graphOf(
      [
        ['a1', 'b1'],
        ['a2', 'b2'],
      ],
      { a1: ['a'], a2: ['a'], b1: ['b'], b2: ['b'] },
    )
    expect(layout(oneWay).scopes.length).toBe(2)
  })

  it('goes as deep as the names do', () => {
    const scope = Array.from({ length: 40 }, (_, i) => `s${i}`)
    const graph = graphOf([['x', 'y']], { y: scope })
    expect(layout(graph).scopes.length).toBe(40)
    check(graph)
  })
})

describe('large graphs', () => {
  it('does not recurse: a chain of 5,002 nodes', () => {
    const names = Array.from({ length: 5002 }, (_, i) => `n${i}`)
    const { edges } = layout(graphOf(names.slice(1).map((to, i) => [names[i], to])))
    expect(edges.every((route) => route.length === 2)).toBe(true)
  })

  it('shares one value a hundred times: a = a + a', () => {
    const wiring = Array.from({ length: 100 }, (_, i) => [`n${i}`, `n${i + 1}`] as const)
    check(graphOf(wiring.flatMap((edge) => [edge, edge])))
  })
})

describe('what cannot be laid out', () => {
  const node = { width: 10, height: 10, scope: [] }

  it('is an edge to nowhere, a name given twice, a node without a size', () => {
    expect(() => layout({ nodes: [{ id: 'a', ...node }], edges: [{ from: 'a', to: 'b', slot: 0 }] })).toThrow(
      new ArgumentError("layout: edge 0, 'a' -> 'b': there is no node 'b'"),
    )
    expect(() =>
      layout({
        nodes: [
          { id: 'a', ...node },
          { id: 'a', ...node },
        ],
        edges: [],
      }),
    ).toThrow(new ArgumentError("layout: two nodes have the id 'a'"))
    expect(() => layout({ nodes: [{ id: 'a', ...node, width: Number.NaN }], edges: [] })).toThrow(
      new ArgumentError("layout: node 'a' is NaN wide and 10 high; both must be above 0"),
    )
  })

  it('is a cycle, which is named', () => {
    const graph = graphOf([
      ['x', 'a'],
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
    ])
    expect(() => layout(graph)).toThrow(
      new ArgumentError("layout: a computation has no cycle, but 'b' -> 'c' -> 'a' -> 'b' is one"),
    )
  })

  it('is nothing: an empty graph has no size', () => {
    expect(layout({ nodes: [], edges: [] })).toEqual({ width: 0, height: 0, nodes: [], edges: [], scopes: [] })
  })
})
