/** DOT as a small parser of the language reads it: statements in nested braces, HTML-like labels, ports that exist. */
import { describe, expect, it } from 'vitest'
import { pictureToDot } from './dot.ts'
import type { Picture, PictureNode } from './graph.ts'

const TOKEN = /\s+|->|[{}[\];,=:]|"(?:[^"\\]|\\.)*"|-?[\w.]+/y

interface Parsed {
  readonly nodes: ReadonlyMap<string, string>
  readonly edges: readonly (readonly [from: string, to: string, port: string | undefined, attributes: string])[]
  readonly clusters: readonly string[]
}

/** Tokens of DOT; an HTML-like string is one, ends where its angle brackets balance, and holds balanced elements. */
function tokens(dot: string): string[] {
  const found: string[] = []
  for (let at = 0; at < dot.length; ) {
    TOKEN.lastIndex = at
    const token = dot[at] === '<' ? htmlString(dot, at) : TOKEN.exec(dot)?.[0]
    if (!token) throw new Error(`no DOT at: ${dot.slice(at, at + 40)}`)
    if (token.trim() !== '') found.push(token)
    at += token.length
  }
  return found
}

function htmlString(dot: string, start: number): string {
  let depth = 0
  for (let at = start; at < dot.length; at++) {
    if (dot[at] === '<') depth++
    if (dot[at] === '>' && --depth === 0) {
      const html = dot.slice(start, at + 1)
      checkHtml(html.slice(1, -1))
      return html
    }
  }
  throw new Error('an HTML-like string does not end')
}

function checkHtml(html: string): void {
  const open: string[] = []
  for (const [, closes, name, attributes, isEmpty] of html.matchAll(/<(\/?)([A-Z]+)([^<>]*?)(\/?)>/g)) {
    expect(['TABLE', 'TR', 'TD', 'B', 'BR', 'FONT']).toContain(name)
    expect(attributes).toMatch(/^(?: [A-Z]+="[^"<>&]*")*$/)
    if (closes) expect(open.pop()).toBe(name)
    else if (!isEmpty) open.push(name)
  }
  expect(open).toEqual([])
  const text = html.replace(/<[^<>]*>/g, '')
  expect(text).toMatch(/^(?:[^<>&"]|&(?:amp|lt|gt|quot|#39|#160);)+$/)
}

function parse(dot: string): Parsed {
  const list = tokens(dot)
  const nodes = new Map<string, string>()
  const edges: [string, string, string | undefined, string][] = []
  const clusters: string[] = []
  let depth = 0
  let at = 0
  const take = (expected?: string): string => {
    const token = list[at++]
    if (expected !== undefined) expect(token).toBe(expected)
    return token
  }
  const attributes = (): string => {
    take('[')
    const start = at
    while (list[at] !== ']') at++
    return list.slice(start, at++).join(' ')
  }
  take('digraph')
  do {
    const token = take()
    if (token === '{') depth++
    else if (token === '}') depth--
    else if (token === 'subgraph') clusters.push(take())
    else if (list[at] !== '->') nodes.set(token, attributes())
    else {
      take('->')
      const to = take()
      const port = list[at] === ':' ? list.slice(at, (at += 4)).join('') : undefined
      edges.push([token, to, port, attributes()])
    }
  } while (depth > 0)
  expect(at).toBe(list.length)
  return { nodes, edges, clusters }
}

const node = (id: string, scope: readonly string[] = [], more: Partial<PictureNode> = {}): PictureNode => ({
  id,
  title: id,
  lines: ['value 2'],
  scope,
  role: 'op',
  ...more,
})

const square: Picture = {
  title: 'x·x',
  nodes: [node('x', [], { role: 'input' }), node('mul', ['f', 'g']), node('neg', ['f'])],
  edges: [
    { from: 'x', to: 'mul', slot: 0, label: '2', below: '+3', sign: 1, weight: 1 },
    { from: 'x', to: 'mul', slot: 1, label: '2', below: '-3', sign: -1, weight: 0 },
    { from: 'mul', to: 'neg', slot: 0, highlighted: true },
  ],
}

describe('pictureToDot', () => {
  it('has a node for each node, a cluster for each scope and an edge for each slot', () => {
    const { nodes, edges, clusters } = parse(pictureToDot(square))
    expect([...nodes.keys()]).toEqual(['graph', 'node', 'edge', 'n0', 'n2', 'n1'])
    expect(clusters).toEqual(['cluster_0', 'cluster_1'])
    expect(edges.map(([from, to, port]) => [from, to, port])).toEqual([
      ['n0', 'n1', ':s0:w'],
      ['n0', 'n1', ':s1:w'],
      ['n1', 'n2', undefined],
    ])
    expect(nodes.get('n1')).toContain('PORT="s0"')
    expect(nodes.get('n1')).toContain('PORT="s1"')
    expect(edges[1][3]).toContain('style = dashed')
  })

  it('nests clusters as the scopes are nested', () => {
    const dot = pictureToDot(square)
    const depthOf = (statement: string) =>
      /^ */.exec(dot.split('\n').find((line) => line.includes(statement))!)![0].length
    expect([depthOf('n0 ['), depthOf('n2 ['), depthOf('n1 [')]).toEqual([2, 4, 6])
  })

  it('holds any text as text', () => {
    const names = ['', '"', '\\', '\\N', '<b>', '&lt;', 'a\nb', '\u202e', '}', '->', '日本語', '\u0000']
    const picture = {
      title: '</TABLE>',
      nodes: names.map((name) => node(name, [name], { lines: [name] })),
      edges: names.slice(1).map((name, i) => ({ from: names[i], to: name, slot: -1, label: name, below: name })),
    }
    const { nodes, edges } = parse(pictureToDot(picture))
    expect(nodes.size).toBe(names.length + 1 + 2)
    expect(edges.length).toBe(names.length - 1)
    expect(nodes.get('n5')).toContain('&amp;lt;')
  })

  it('does not recurse: scopes in scopes, 3,000 deep', () => {
    const scope = Array.from({ length: 3000 }, (_, i) => `s${i}`)
    const dot = pictureToDot({ title: '', nodes: [node('x', scope)], edges: [] })
    expect(dot.match(/subgraph/g)!.length).toBe(3000)
  })
})
