import { tensor } from 'chainrule'
import { layout, record } from 'chainrule/explain'
import { describe, expect, it, test } from 'vitest'
import { related } from './related.ts'
import { search } from './search.ts'
import { sized, transposed } from './sizes.ts'
import { structureOf } from './structure.ts'
import { step, type Trail } from './walk.ts'

/** w1 → v1 = relu(w1) → L = v1·w2 */
const trace = record(() => {
  const w1 = tensor(2, { requiresGrad: true, name: 'w1' })
  const w2 = tensor(-3, { requiresGrad: true, name: 'w2' })
  w1.relu().mul(w2).backward()
}).toTrace()
const names = (ids: Iterable<number>) => [...ids].map((id) => trace.nodes[id].name)

describe('search', () => {
  test.each([
    ['w', ['w1', 'w2']],
    ['RELU', ['v1']],
    ['grad>1', ['w2', 'v2'].slice(0, 1)],
    ['grad < 0', ['w1', 'v1']],
    ['value=-3', ['w2']],
    ['value = −3', ['w2']],
    ['|grad| >= 3', ['w1', 'v1']],
    ['nan', []],
    ['', []],
    ['(', []],
  ])('%s', (query, expected) => {
    expect(names(search(trace, query, 0)).toSorted()).toEqual(expected.toSorted())
  })
})

describe('filters', () => {
  it('know the parameters and the paths through a value', () => {
    expect(names(related(trace, 'parameters', null)!)).toEqual(['w1', 'w2'])
    const relu = trace.nodes.find(({ op }) => op === 'relu')!.id
    expect(names(related(trace, 'path', relu)!).toSorted()).toEqual(['v1', 'v2', 'w1'])
    expect(related(trace, 'path', null)).toBeNull()
  })
})

describe('walking', () => {
  const { picture } = structureOf(trace)
  const { graph, spacing } = sized(picture, 'right')
  const walk = { picture, layout: layout(graph, spacing), way: 'right' } as const
  const idOf = (name: string) => String(trace.nodes.find((node) => node.name === name)!.id)

  it('goes to consumers and back to where it came from', () => {
    const trail: Trail = new Map()
    expect(step(walk, null, 'ArrowRight', trail)).toBe('0')
    expect(step(walk, idOf('w2'), 'ArrowRight', trail)).toBe(idOf('v2'))
    expect(step(walk, idOf('v2'), 'ArrowLeft', trail)).toBe(idOf('w2'))
    expect(step(walk, idOf('v2'), 'ArrowRight', trail)).toBe(idOf('v2'))
  })

  it('has the same keys where the graph goes down, and neighbours are beside', () => {
    const turned = sized(picture, 'down')
    const down = { picture, layout: transposed(layout(turned.graph, turned.spacing)), way: 'down' } as const
    expect(step(down, idOf('w2'), 'ArrowRight', new Map())).toBe(idOf('v2'))
    expect(step(down, idOf('v2'), 'ArrowLeft', new Map([[`${idOf('v2')} <`, idOf('w2')]]))).toBe(idOf('w2'))
    const boxOf = (id: string) => down.layout.nodes[picture.nodes.findIndex((node) => node.id === id)]
    for (const { id } of picture.nodes) {
      const next = step(down, id, 'ArrowDown', new Map())!
      if (next === id) continue
      expect(boxOf(next).x).toBeGreaterThan(boxOf(id).x)
      expect(step(down, next, 'ArrowUp', new Map())).toBe(id)
    }
  })

  it('goes to neighbours in a column', () => {
    const [above, below] = [idOf('v1'), idOf('w2')]
    const down = step(walk, above, 'ArrowDown', new Map())
    const up = step(walk, below, 'ArrowUp', new Map())
    expect([down, up]).toContain(down === above ? above : below)
  })
})
