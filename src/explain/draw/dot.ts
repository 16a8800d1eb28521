/** A picture as Graphviz DOT: scopes are clusters, argument slots are ports, and no name is anything but text. */
import { linksOf, type Picture, type PictureEdge, type PictureNode } from './graph.ts'
import { escaped } from './svg/markup.ts'
import { roleColour, signColour } from './svg/parts.ts'
import { light } from './theme.ts'

/**
 * The picture for `dot -Tsvg` and its kin. All labels are HTML-like, in which only markup that is written here acts.
 * @throws ArgumentError where two nodes have one id or an edge leads to nowhere.
 * @example pictureToDot({ title: 'L', nodes: [], edges: [] }).startsWith('digraph {') // true
 */
export function pictureToDot(picture: Picture): string {
  const { title, nodes, edges } = picture
  const { from, to } = linksOf('pictureToDot', nodes, edges)
  const slots: number[][] = nodes.map(() => [])
  for (const [e, { slot }] of edges.entries()) if (!slots[to[e]].includes(slot)) slots[to[e]].push(slot)
  for (const own of slots) own.sort((a, b) => a - b)
  const lines = [
    'digraph {',
    `  graph [rankdir=LR, bgcolor="${light.background}", fontname="sans-serif", labelloc=t, label=<${text(title)}>]`,
    '  node [shape=plain, fontname="monospace", fontsize=11]',
    '  edge [fontname="monospace", fontsize=10]',
    ...clustered(nodes, (v) => node(v, nodes[v], slots[v])),
    ...edges.map((edge, e) => {
      const own = slots[to[e]]
      const port = own.length > 1 ? `:s${own.indexOf(edge.slot)}:w` : ''
      return `  n${from[e]} -> n${to[e]}${port} [${edgeAttributes(edge).join(', ')}]`
    }),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

interface Cluster {
  readonly nodes: number[]
  readonly inner: Map<string, Cluster>
}

/** The statements of the nodes inside of clusters inside of clusters. */
function clustered(nodes: readonly PictureNode[], statement: (v: number) => string): string[] {
  const empty = (): Cluster => ({ nodes: [], inner: new Map() })
  const top = empty()
  nodes.forEach(({ scope }, v) => {
    let cluster = top
    for (const name of scope) {
      if (!cluster.inner.has(name)) cluster.inner.set(name, empty())
      cluster = cluster.inner.get(name)!
    }
    cluster.nodes.push(v)
  })
  const lines: string[] = []
  let clusters = 0
  const waiting: (string | { readonly name: string; readonly cluster: Cluster; readonly indent: string })[] = []
  const write = (cluster: Cluster, indent: string) => {
    lines.push(...cluster.nodes.map((v) => indent + statement(v)))
    const inner = Array.from(cluster.inner, ([name, each]) => ({ name, cluster: each, indent }))
    waiting.push(...inner.toReversed())
  }
  write(top, '  ')
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string') {
      lines.push(next)
      continue
    }
    const { name, cluster, indent } = next
    lines.push(
      `${indent}subgraph cluster_${clusters++} {`,
      `${indent}  graph [style="rounded,filled", color="${light.rule}", fillcolor="${light.scope}", label=<${text(name)}>]`,
    )
    waiting.push(`${indent}}`)
    write(cluster, `${indent}  `)
  }
  return lines
}

/** A table: the slots on the left, if there are several, and the texts. */
function node(v: number, { title, lines, role, sign, warning }: PictureNode, slots: readonly number[]): string {
  const border = light[warning ? 'warning' : signColour(sign)]
  const colour = role === 'op' ? light.ink : light[roleColour[role]]
  const texts = [`<FONT COLOR="${colour}"><B>${text(title)}</B></FONT>`, ...lines.map(text)]
  const body = texts.map((line) => `${line}<BR ALIGN="LEFT"/>`).join('')
  const ports = slots.length > 1 ? slots.map((slot, i) => `<TD PORT="s${i}">${slot}</TD>`) : []
  const main = `<TD ALIGN="LEFT"${ports.length > 0 ? ` ROWSPAN="${ports.length}"` : ''}>${body}</TD>`
  const rows = [`${ports[0] ?? ''}${main}`, ...ports.slice(1)].map((row) => `<TR>${row}</TR>`).join('')
  const style = `CELLBORDER="1" CELLSPACING="0" CELLPADDING="4" COLOR="${border}" BGCOLOR="${light.surface}"`
  return `n${v} [label=<<TABLE BORDER="0" ${style}>${rows}</TABLE>>]`
}

function edgeAttributes({ label, below, sign, weight = 0, highlighted }: PictureEdge): string[] {
  const colour = light[signColour(sign)]
  const texts = [
    ...(label === undefined ? [] : [text(label)]),
    ...(below === undefined ? [] : [`<FONT COLOR="${colour}">${text(below)}</FONT>`]),
  ]
  const width = 1 + 3 * (weight > 0 ? Math.min(weight, 1) : 0)
  return [
    ...(texts.length > 0 ? [`label=<${texts.join('<BR/>')}>`] : []),
    `color="${highlighted ? `${colour}:${light.accent}:${colour}` : colour}"`,
    `penwidth=${width.toFixed(2)}`,
    ...(sign === -1 ? ['style=dashed'] : []),
  ]
}

/** Markup must not be empty in DOT. */
const text = (content: string): string => escaped(content) || '&#160;'
