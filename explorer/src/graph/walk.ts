/** Walking the graph by keys: to consumers and inputs, to neighbours in a column, along the edges of a node. */
import type { Box, Layout, Picture } from 'chainrule/explain'
import type { Way } from './sizes.ts'

export type Arrow = 'ArrowRight' | 'ArrowLeft' | 'ArrowUp' | 'ArrowDown'

/** Where the reader went from each node, so that going back and forth ends where it began. */
export type Trail = Map<string, string>

export interface Walk {
  readonly picture: Picture
  readonly layout: Layout
  /** Where the computation goes on the screen. */
  readonly way: Way
}

const KEYS: readonly string[] = ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown']

export const isArrow = (key: string): key is Arrow => KEYS.includes(key)

/**
 * The next node that way: right to a consumer, left to an input, down and up to siblings, however the graph is drawn. The
 * same one where there is none, the first one where none is selected yet.
 */
export function step({ picture, layout, way }: Walk, from: string | null, arrow: Arrow, trail: Trail): string | null {
  const { nodes, edges } = picture
  if (nodes.length === 0) return null
  const at = nodes.findIndex(({ id }) => id === from)
  if (from === null || at < 0) return nodes[0].id
  if (arrow === 'ArrowUp' || arrow === 'ArrowDown')
    return sibling(nodes, layout.nodes, at, arrow === 'ArrowDown' ? 1 : -1, way)
  const ahead = arrow === 'ArrowRight'
  const next = ahead
    ? edges.filter((edge) => edge.from === from).map(({ to }) => to)
    : edges.filter((edge) => edge.to === from).map((edge) => edge.from)
  const last = trail.get(`${from} ${ahead ? '>' : '<'}`)
  const found = last !== undefined && next.includes(last) ? last : next[0]
  if (found === undefined) return from
  trail.set(`${found} ${ahead ? '<' : '>'}`, from)
  trail.set(`${from} ${ahead ? '>' : '<'}`, found)
  return found
}

/** The nearest node in the same column, or in the same row of a graph that goes down. */
function sibling(nodes: Picture['nodes'], boxes: readonly Box[], at: number, sense: -1 | 1, way: Way): string {
  const own = boxes[at]
  let best = at
  let nearest = Infinity
  for (const [i, box] of boxes.entries()) {
    const distance = (way === 'down' ? box.x - own.x : box.y - own.y) * sense
    const isBeside =
      way === 'down'
        ? box.y < own.y + own.height && own.y < box.y + box.height
        : box.x < own.x + own.width && own.x < box.x + box.width
    if (i === at || !isBeside || distance <= 0 || distance >= nearest) continue
    nearest = distance
    best = i
  }
  return nodes[best].id
}

/** The edges at a node, those into it by their slots first. */
export const edgesAt = ({ edges }: Picture, id: string): number[] => [
  ...edges.flatMap(({ to }, e) => (to === id ? [e] : [])),
  ...edges.flatMap(({ from }, e) => (from === id ? [e] : [])),
]
