/** Pictures that are too large: which parts are closed, and what is known of them afterwards. */
import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../../errors/index.ts'
import { collapse } from './collapse.ts'
import type { Picture, PictureEdge, PictureNode } from './graph.ts'
import { layout } from './layout.ts'
import { measured } from './measure.ts'

const node = (id: string, scope: readonly string[] = [], more: Partial<PictureNode> = {}): PictureNode => ({
  id,
  title: id,
  lines: [],
  scope,
  role: 'op',
  ...more,
})

const edge = (from: string, to: string, slot = 0, more: Partial<PictureEdge> = {}): PictureEdge => ({
  from,
  to,
  slot,
  ...more,
})

/** x -> two layers of two units of three nodes each, every unit fed by all of the layer before -> L. */
function network(): Picture {
  const nodes = [node('x', [], { role: 'input' })]
  const edges: PictureEdge[] = []
  let before = ['x']
  for (const layer of ['layer1', 'layer2']) {
    const outputs = ['unit1', 'unit2'].map((unit) => {
      const [w, z, y] = ['w', 'z', 'y'].map((name) => `${layer}.${unit}.${name}`)
      nodes.push(node(w, [layer, unit], { role: 'parameter' }), node(z, [layer, unit]), node(y, [layer, unit]))
      edges.push(...[w, ...before].map((from, slot) => edge(from, z, slot)), edge(z, y))
      return y
    })
    before = outputs
  }
  nodes.push(node('L', [], { role: 'output' }))
  edges.push(...before.map((from, slot) => edge(from, 'L', slot, { sign: 1, weight: 0.5 })))
  return { title: 'network', nodes, edges }
}

const chain = (length: number): Picture => ({
  title: 'chain',
  nodes: Array.from({ length }, (_, i) => node(`n${i}`, [], { role: i === 0 ? 'input' : 'op' })),
  edges: Array.from({ length: length - 1 }, (_, i) => edge(`n${i}`, `n${i + 1}`)),
})

const titles = ({ nodes }: Picture): string[] => nodes.map(({ title }) => title)
const drawn = (picture: Picture) => layout(measured(picture).graph)

describe('collapse', () => {
  it('returns a picture that is small enough as it is', () => {
    const picture = network()
    expect(collapse(picture, { maxNodes: 14 })).toBe(picture)
  })

  it('closes scopes from the inside out', () => {
    const units = collapse(network(), { maxNodes: 13 })
    expect(titles(units)).toEqual(['x', 'unit1', 'unit2', 'unit1', 'unit2', 'L'])
    expect(units.nodes.map(({ scope }) => scope.join('/'))).toEqual(['', 'layer1', 'layer1', 'layer2', 'layer2', ''])
    expect(units.nodes[1]).toMatchObject({
      lines: ['3 nodes', '1 parameter'],
      members: network()
        .nodes.slice(1, 4)
        .map(({ id }) => id),
    })
    const layers = collapse(network(), { maxNodes: 5 })
    expect(titles(layers)).toEqual(['x', 'layer1', 'layer2', 'L'])
    drawn(units)
    drawn(layers)
  })

  it('counts the edges that it joins, and keeps what they have in common', () => {
    const { edges } = collapse(network(), { maxNodes: 5 })
    expect(edges).toEqual([
      {
        from: 'x',
        to: 'layer1',
        slot: 0,
        label: '×2',
        count: 2,
        highlighted: false,
        sign: undefined,
        weight: undefined,
      },
      {
        from: 'layer1',
        to: 'layer2',
        slot: 0,
        label: '×4',
        count: 4,
        highlighted: false,
        sign: undefined,
        weight: undefined,
      },
      { from: 'layer2', to: 'L', slot: 0, label: '×2', count: 2, highlighted: false, sign: 1, weight: 0.5 },
    ])
  })

  it('keeps both edges of x·x outside of what it closes', () => {
    const picture = network()
    const squared = {
      ...picture,
      nodes: [...picture.nodes, node('q')],
      edges: [...picture.edges, edge('L', 'q', 0), edge('L', 'q', 1)],
    }
    const { edges } = collapse(squared, { maxNodes: 6 })
    expect(edges.filter(({ to }) => to === 'q')).toEqual([edge('L', 'q', 0), edge('L', 'q', 1)])
  })

  it('closes a scope once per visit where the computation comes back to it', () => {
    const picture = {
      title: '',
      nodes: [node('x'), node('a1', ['f']), node('a2', ['f']), node('h'), node('b1', ['f']), node('b2', ['f'])],
      edges: [edge('x', 'a1'), edge('a1', 'a2'), edge('a2', 'h'), edge('h', 'b1'), edge('b1', 'b2')],
    }
    const closed = collapse(picture, { maxNodes: 5 })
    expect(titles(closed)).toEqual(['x', 'f (1 of 2)', 'h', 'f (2 of 2)'])
    drawn(closed)
  })

  it('cuts a chain without scopes into sections and keeps its ends', () => {
    const cut = collapse(chain(1001), { maxNodes: 60 })
    expect(cut.nodes.length).toBe(33)
    expect(titles(cut).slice(0, 3)).toEqual(['n0', 'section 1 of 32', 'section 2 of 32'])
    expect(cut.nodes.every(({ members }) => (members?.length ?? 1) <= 60)).toBe(true)
    expect(cut.nodes.flatMap(({ id, members }) => members ?? [id])).toEqual(chain(1001).nodes.map(({ id }) => id))
    expect(cut.edges.every(({ count }) => count === undefined)).toBe(true)
    drawn(cut)
  })

  it.each([1, 2, 3, 10, 100, 400])('leaves at most %d nodes of 5,000, and no cycle', (maxNodes) => {
    const cut = collapse(chain(5000), { maxNodes })
    expect(cut.nodes.length).toBeLessThanOrEqual(maxNodes)
    drawn(cut)
    expect(collapse(chain(5000), { maxNodes })).toEqual(cut)
  })

  it('gives what it closes ids of its own, and passes on warnings', () => {
    const picture = {
      title: '',
      nodes: [node('f'), node('a', ['f'], { warning: true }), node('b', ['f'], { sign: 1 }), node('y')],
      edges: [edge('f', 'a'), edge('a', 'b'), edge('b', 'y')],
    }
    const { nodes } = collapse(picture, { maxNodes: 3 })
    expect(nodes.map(({ id }) => id)).toEqual(['f', 'f+', 'y'])
    expect(nodes[1]).toMatchObject({ warning: true, sign: undefined })
  })

  it('refuses a number of nodes that is none, cycles and edges to nowhere', () => {
    expect(() => collapse(chain(3), { maxNodes: 0 })).toThrow(
      new ArgumentError('collapse: maxNodes must be a whole number above 0, got 0'),
    )
    const cyclic = { title: '', nodes: [node('a')], edges: [edge('a', 'a')] }
    expect(() => collapse(cyclic, { maxNodes: 1 })).toThrow(/'a' -> 'a' is one/)
    expect(() => collapse({ ...cyclic, edges: [edge('a', 'b')] }, { maxNodes: 1 })).toThrow(/no node 'b'/)
  })
})
