/** Pictures of graphs: that labels stay apart, that numbers move nothing, that signs do not speak by colour alone. */
import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../../errors/index.ts'
import type { Picture, PictureEdge, PictureNode } from './graph.ts'
import { layout } from './layout.ts'
import { measured } from './measure.ts'
import { pictureToSvg } from './svg.ts'
import { monoWidth } from './text.ts'
import { light } from './theme.ts'

const node = (id: string, more: Partial<PictureNode> = {}): PictureNode => ({
  id,
  title: id,
  lines: ['value 0.33', 'gradient 0.322'],
  scope: [],
  role: 'op',
  ...more,
})

const edge = (from: string, to: string, slot = 0, more: Partial<PictureEdge> = {}): PictureEdge => ({
  from,
  to,
  slot,
  label: '-1.235e-10',
  below: '-1.235e-10',
  weight: 1,
  ...more,
})

/** Two inputs, two hidden units and one output: 29 nodes. */
function network(): Picture {
  const nodes: PictureNode[] = [node('x1', { role: 'input' }), node('x2', { role: 'input' })]
  const edges: PictureEdge[] = []
  const add = (id: string, ...inputs: string[]): string => {
    nodes.push(node(id, { role: inputs.length > 0 ? 'op' : 'parameter', scope: [id.slice(0, 2)] }))
    edges.push(...inputs.map((input, slot) => edge(input, id, slot)))
    return id
  }
  const unit = (name: string, [first, second]: readonly string[]): string => {
    const products = [first, second].map((x, i) => add(`${name}.mul${i}`, add(`${name}.w${i}`), x))
    return add(`${name}.tanh`, add(`${name}.z`, add(`${name}.add`, ...products), add(`${name}.b`)))
  }
  const p = unit('h3', [unit('h1', ['x1', 'x2']), unit('h2', ['x1', 'x2'])])
  add('lo.neg', add('lo.log', p))
  return { title: 'A network', nodes, edges }
}

interface Rectangle {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

const apart = (a: Rectangle, b: Rectangle): boolean =>
  a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top

const attribute = (element: string, name: string): number => Number(new RegExp(` ${name}="([^"]*)"`).exec(element)![1])

/** Labels of edges are the texts of 10 pixels; they end where they are anchored. */
function labelsOf(svg: string): Rectangle[] {
  return [...svg.matchAll(/<text[^>]*font-size="10"[^>]*>([^<]*)</g)].map(([element, text]) => {
    const [right, baseline] = [attribute(element, 'x'), attribute(element, 'y')]
    return { left: right - monoWidth(text, 10), right, top: baseline - 8, bottom: baseline + 2 }
  })
}

function nodesOf(svg: string): Rectangle[] {
  return [...svg.matchAll(/<g data-node-id[^>]*><title>[^<]*<\/title>(<rect[^>]*>)/g)].map(([, rect]) => {
    const [left, top] = [attribute(rect, 'x'), attribute(rect, 'y')]
    return { left, right: left + attribute(rect, 'width'), top, bottom: top + attribute(rect, 'height') }
  })
}

describe('pictureToSvg', () => {
  it('keeps labels off each other and off nodes', () => {
    const picture = network()
    const svg = pictureToSvg(picture)
    const [labels, nodes] = [labelsOf(svg), nodesOf(svg)]
    expect(nodes.length).toBe(picture.nodes.length)
    expect(labels.length).toBe(2 * picture.edges.length)
    for (const [i, label] of labels.entries()) {
      expect(nodes.filter((box) => !apart(label, box))).toEqual([])
      expect(labels.slice(i + 1).filter((other) => !apart(label, other))).toEqual([])
    }
  })

  it('moves nothing when numbers change', () => {
    const picture = network()
    const other = {
      ...picture,
      nodes: picture.nodes.map((each) => ({ ...each, lines: ['value NaN', 'gradient -1.235e-10'], sign: -1 as const })),
      edges: picture.edges.map((each) => ({ ...each, label: '0', below: '∞', weight: 0, highlighted: true })),
    }
    const place = ({ graph, spacing }: ReturnType<typeof measured>) => layout(graph, spacing)
    expect(place(measured(other))).toEqual(place(measured(picture)))
  })

  it('makes a node wide enough for its texts, whatever the script, and cuts what is too long', () => {
    const title = '変数の名前 🎉'
    const wide = pictureToSvg({ title: '', nodes: [node('a', { title, lines: [] })], edges: [] })
    const [{ left, right }] = nodesOf(wide)
    const text = /<text[^>]*>変数の名前 🎉</.exec(wide)![0]
    expect(attribute(text, 'textLength')).toBe(Math.round(monoWidth(title, 12) * 100) / 100)
    expect(attribute(text, 'x') + attribute(text, 'textLength')).toBeLessThanOrEqual(right)
    expect(attribute(text, 'x')).toBeGreaterThan(left)
    const cut = pictureToSvg({ title: '', nodes: [node('a', { title: 'a'.repeat(500) })], edges: [] })
    expect(cut).toContain(`>${'a'.repeat(31)}…<`)
    expect(cut).toContain(`<title>${'a'.repeat(500)}, op`)
  })

  it('says a sign by dash and colour, a weight by width, and explains what it uses', () => {
    const svg = pictureToSvg(
      { title: '', nodes: [node('x'), node('y')], edges: [edge('x', 'y', 0, { sign: -1, weight: 0.5 })] },
      { theme: 'light' },
    )
    expect(svg).toMatch(new RegExp(`stroke="${light.negative}" stroke-width="2.88" stroke-dasharray="7 4"`))
    expect(svg).toContain('>negative gradient<')
    expect(svg).toContain('>wider: larger contribution<')
    expect(svg).not.toContain('>positive gradient<')
    expect(svg).toContain('above an arrow: the value, below it: the contribution to the gradient')
  })

  it('draws two edges for x·x', () => {
    const picture = {
      title: 'x·x',
      nodes: [node('x'), node('y')],
      edges: [edge('x', 'y', 0), edge('x', 'y', 1)],
    }
    const svg = pictureToSvg(picture)
    expect(svg).toContain('x → y, argument 1, value -1.235e-10')
    expect(svg).toContain('x → y, argument 2, value -1.235e-10')
  })

  it('says in words what it shows', () => {
    const svg = pictureToSvg(network())
    expect(svg).toContain('<title>A network</title><desc>A graph of 28 nodes and 29 edges')
    expect(svg).toContain('x1, input, value 0.33, gradient 0.322.')
    expect(svg).toContain('h1.z, op in h1, value 0.33, gradient 0.322.')
  })

  it('draws nothing of nothing, and refuses what is no option', () => {
    expect(pictureToSvg({ title: 'Empty', nodes: [], edges: [] })).toContain('A graph of 0 nodes and 0 edges')
    expect(() => pictureToSvg(network(), { colour: 'red' } as never)).toThrow(ArgumentError)
  })
})
