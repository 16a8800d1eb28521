/**
 * Sizes of the parts on screen: the library's, but narrower, since a pane is smaller than a page of its own. The library
 * lays out from left to right; from top to bottom is the same with the two directions exchanged.
 */
import { type Layout, type LayoutGraph, measured, type Picture, type Point, type Spacing } from 'chainrule/explain/draw'

/** Where the computation goes on the screen. */
export type Way = 'right' | 'down'

export const TITLE_COLUMNS = 34

/** In the fonts of the picture: a column of a title, and of a line. */
const TITLE_COLUMN = 7.32
const LINE_COLUMN = 6.71
const PADDING = 26
/** Above and below the lines of a node the library leaves more room than a low pane has. */
const LOWER = 11
/** Between two slots there is room for their labels: above and below a level edge, beside a steep one. */
const SLOT = { right: 36, down: 66 }
const SPACING: Readonly<Record<Way, Partial<Spacing>>> = {
  right: { entry: 62, columnGap: 24 },
  // Captions stand beside the edges that come in.
  down: { entry: 33, columnGap: 8, padding: 20, caption: 0 },
}

export function sized(picture: Picture, way: Way): { readonly graph: LayoutGraph; readonly spacing: Partial<Spacing> } {
  const { graph } = measured(picture)
  const slots = new Map<string, number>()
  for (const { to } of picture.edges) slots.set(to, (slots.get(to) ?? 0) + 1)
  const nodes = graph.nodes.map((node, v) => {
    const { title, lines } = picture.nodes[v]
    const line = lines.reduce((most, text) => Math.max(most, text.length), 0) * LINE_COLUMN
    const width = Math.ceil(Math.max(Math.min(title.length, TITLE_COLUMNS) * TITLE_COLUMN, line) + PADDING)
    const needed = (slots.get(node.id) ?? 0) * SLOT[way]
    return way === 'right'
      ? { ...node, width, height: Math.max(node.height, needed) }
      : { ...node, width: node.height - LOWER, height: Math.max(width, needed) }
  })
  return { graph: { ...graph, nodes }, spacing: SPACING[way] }
}

/** Rows for columns. */
export function transposed({ width, height, nodes, edges, scopes }: Layout): Layout {
  const turn = ({ x, y }: Point) => ({ x: y, y: x })
  return {
    width: height,
    height: width,
    nodes: nodes.map((box) => ({ ...turn(box), width: box.height, height: box.width })),
    edges: edges.map((points) => points.map(turn)),
    scopes: scopes.map((box) => ({ ...box, ...turn(box), width: box.height, height: box.width })),
  }
}

/** The library's route from left to right, turned: straight lines down, joined by curves that start and end steep. */
export function steepPath([first, ...rest]: readonly Point[]): string {
  let path = `M${first.x} ${first.y}`
  let last = first
  for (const point of rest) {
    const middle = (last.y + point.y) / 2
    path += point.x === last.x ? `V${point.y}` : `C${last.x} ${middle} ${point.x} ${middle} ${point.x} ${point.y}`
    last = point
  }
  return path
}
