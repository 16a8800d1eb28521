import { type Tensor, tensor } from 'chainrule'
import { layout, record } from 'chainrule/explain'
import { Linear, ReLU, Sequential } from 'chainrule/nn'
import { describe, expect, it } from 'vitest'
import { sized, transposed } from './sizes.ts'
import { structureOf } from './structure.ts'
import { ALL, MOST, partsOf, toggled, visibleOf } from './visible.ts'

const traceOf = (program: () => void) => record(program).toTrace()

const network = (depth: number) => {
  const layers = Array.from({ length: depth }, () => [new Linear(2, 2), new ReLU()]).flat()
  return structureOf(
    traceOf(() =>
      new Sequential(...layers)
        .forward(tensor([[1, 2]]))
        .sum()
        .backward(),
    ),
  )
}

/** A chain of single numbers, without scopes. */
const chain = (length: number) =>
  structureOf(
    traceOf(() => {
      let x: Tensor = tensor(1, { requiresGrad: true })
      for (let i = 0; i < length; i++) x = x.mul(1.001)
      x.backward()
    }),
  )

const titles = (structure: ReturnType<typeof network>, open: readonly string[] | null) =>
  visibleOf(structure, open).picture.nodes.map(({ title }) => title)

describe('structure', () => {
  const squareAt = (x: number) => traceOf(() => tensor(x, { requiresGrad: true, name: 'x' }).square().backward())

  it('is the same object for other numbers', () => {
    expect(structureOf(squareAt(2))).toBe(structureOf(squareAt(-7e9)))
  })

  it('draws an edge per argument slot', () => {
    const { picture } = structureOf(
      traceOf(() => {
        const x = tensor(3, { requiresGrad: true, name: 'x' })
        x.mul(x).backward()
      }),
    )
    expect(picture.edges.map(({ from, to, slot }) => [from, to, slot])).toEqual([
      ['0', '1', 0],
      ['0', '1', 1],
    ])
  })

  it('tells two values with the same number apart', () => {
    const { picture } = structureOf(
      traceOf(() =>
        tensor(2, { requiresGrad: true })
          .add(tensor(2, { requiresGrad: true }))
          .backward(),
      ),
    )
    expect(picture.nodes).toHaveLength(3)
  })
})

describe('what is visible', () => {
  it('is everything of a small program', () => {
    const structure = network(2)
    expect(visibleOf(structure, null).picture).toBe(structure.picture)
  })

  it('folds like neighbours to one, which opens to all of them', () => {
    const structure = network(4)
    const layer = partsOf(structure)[0]
    // Linear and ReLU alternate, so that no two neighbours are alike.
    expect(titles(structure, [layer]).filter((title) => title.includes('×'))).toEqual([])
    const same = structureOf(
      traceOf(() => {
        const stack = new Sequential(...Array.from({ length: 5 }, () => new Linear(2, 2)))
        stack
          .forward(tensor([[1, 2]]))
          .sum()
          .backward()
      }),
    )
    const [outer] = partsOf(same)
    expect(titles(same, [outer])).toContain('Linear ×5')
    const run = partsOf(same).find((part) => part.includes('×'))!
    expect(titles(same, [outer, run]).filter((title) => title.includes('Linear'))).toHaveLength(5)
  })

  it('closes and opens a scope, and keeps every value in exactly one visible node', () => {
    const structure = network(3)
    const [outer, inner] = partsOf(structure)
    const closed = toggled(structure, null, inner)
    expect(titles(structure, closed)).toContain('0: Linear')
    expect(toggled(structure, closed, inner).toSorted()).toEqual(partsOf(structure).toSorted())
    for (const open of [[], [outer], closed, [ALL]]) {
      const { picture, nodeOf } = visibleOf(structure, open)
      expect(nodeOf.size).toBe(structure.picture.nodes.length)
      const members = picture.nodes.flatMap(({ id, members }) => members ?? [id])
      expect(members.toSorted()).toEqual(structure.picture.nodes.map(({ id }) => id).toSorted())
      expect(() => layout(sized(picture, 'right').graph)).not.toThrow()
    }
  })

  it('cuts a long chain without scopes into sections, which can be opened', () => {
    const structure = chain(5000)
    const cut = visibleOf(structure, null)
    expect(cut.picture.nodes.length).toBeLessThanOrEqual(MOST)
    const section = [...cut.partOf.values()].find((part) => part === '§3')!
    const opened = visibleOf(structure, [section])
    expect(opened.picture.nodes.length).toBeGreaterThan(cut.picture.nodes.length + 10)
    expect(opened.nodeOf.size).toBe(structure.picture.nodes.length)
  })
})

describe('a graph from top to bottom', () => {
  it('has rows where the other has columns', () => {
    const { picture } = network(1)
    const { graph, spacing } = sized(picture, 'down')
    const down = transposed(layout(graph, spacing))
    for (const { from, to } of picture.edges) {
      const [a, b] = [from, to].map((id) => down.nodes[picture.nodes.findIndex((node) => node.id === id)])
      expect(b.y).toBeGreaterThanOrEqual(a.y + a.height)
    }
  })
})
