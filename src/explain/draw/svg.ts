/** A picture of a graph as a file of its own: no script, no font, no link, one look in every viewer. */
import { checkOptions } from '../../errors/index.ts'
import type { Picture } from './graph.ts'
import { type Layout, layout } from './layout.ts'
import { measured } from './measure.ts'
import { legendOf } from './svg/legend.ts'
import { svgDocument, textAt } from './svg/markup.ts'
import { aboutNode, arrow, edgeLabels, nodeBox, scopeBox } from './svg/parts.ts'
import { sansWidth, shortened } from './text.ts'
import { paintOf, type Theme } from './theme.ts'

export interface SvgOptions {
  /** `auto`, which follows the reader's system, unless given; `light` and `dark` are fixed. */
  readonly theme?: Theme
}

const MARGIN = 20
const HEADING = 15
/** From this many nodes on the description counts them instead of naming each. */
const MANY = 40

/**
 * The picture as SVG. Where things stand depends on the structure alone: other numbers change only texts and strokes.
 * @throws ArgumentError where the graph has a cycle or an edge to nowhere, or the theme does not exist.
 * @example pictureToSvg({ title: 'L', nodes: [{ id: 'w', title: 'w', lines: ['value 2'], scope: [], role: 'parameter' }], edges: [] }).includes('w, parameter, value 2') // true
 */
export function pictureToSvg(picture: Picture, options: SvgOptions = {}): string {
  checkOptions('pictureToSvg', options, ['theme'])
  const { theme = 'auto' } = options
  const paint = paintOf(theme)
  const { graph, spacing } = measured(picture)
  const placed = shifted(layout(graph, spacing), MARGIN, MARGIN + 2 * HEADING)
  const right = placed.width + MARGIN
  const width = Math.max(right, 320) + MARGIN
  const legend = legendOf(picture, width - 2 * MARGIN, paint)
  const bottom = placed.height + 2 * HEADING + MARGIN
  const height = bottom + (legend.height > 0 ? legend.height + MARGIN : 0) + MARGIN
  const columns = Math.floor((width - 2 * MARGIN) / sansWidth('0', HEADING))
  const heading = textAt(MARGIN, MARGIN + HEADING - 3, shortened(picture.title, columns), {
    size: HEADING,
    fill: paint('ink'),
    bold: true,
  })
  return svgDocument({ width, height, title: picture.title, description: describe(picture), theme }, paint, [
    heading,
    ...placed.scopes.map((scope) => scopeBox(scope, paint)),
    ...drawnEdges(picture, placed, paint),
    ...picture.nodes.map((node, v) => nodeBox(node, placed.nodes[v], paint)),
    ...legend.draw(MARGIN, bottom + MARGIN),
  ])
}

/** Highlighted arrows lie above the others, and labels above all arrows. */
function drawnEdges({ nodes, edges }: Picture, placed: Layout, paint: ReturnType<typeof paintOf>): string[] {
  const titles = new Map(nodes.map(({ id, title }) => [id, title]))
  const order = [...edges.keys()].sort((a, b) => Number(!!edges[a].highlighted) - Number(!!edges[b].highlighted))
  const arrows = order.map((e) => {
    const { from, to, slot, label, below } = edges[e]
    const flows = [label && `value ${label}`, below && `contribution ${below}`].filter(Boolean)
    const about = [`${titles.get(from)} → ${titles.get(to)}, argument ${slot + 1}`, ...flows].join(', ')
    return arrow(edges[e], placed.edges[e], paint, about)
  })
  return [...arrows, ...edges.map((edge, e) => edgeLabels(edge, placed.edges[e], paint))]
}

function describe({ nodes, edges }: Picture): string {
  const counts = `A graph of ${nodes.length} nodes and ${edges.length} edges, from the inputs on the left to the right.`
  if (nodes.length > MANY) return counts
  return [counts, ...nodes.map((node) => `${aboutNode(node)}.`)].join(' ')
}

function shifted({ width, height, nodes, edges, scopes }: Layout, dx: number, dy: number): Layout {
  const move = <P extends { readonly x: number; readonly y: number }>(part: P): P => ({
    ...part,
    x: part.x + dx,
    y: part.y + dy,
  })
  return {
    width,
    height,
    nodes: nodes.map(move),
    edges: edges.map((points) => points.map(move)),
    scopes: scopes.map(move),
  }
}
