/**
 * How large the parts of a picture are drawn. A size follows from what does not change when numbers do: titles, how many
 * lines and slots there are, and room for any short number; only a line longer than that makes its node wider.
 */
import { displayWidth } from '../render/width.ts'
import type { Picture, PictureNode } from './graph.ts'
import type { LayoutGraph, Spacing } from './layout.ts'
import { monoWidth, shortened } from './text.ts'

export const TITLE_SIZE = 12
export const LINE_SIZE = 11
export const LABEL_SIZE = 10
export const TITLE_HEIGHT = 16
export const LINE_HEIGHT = 14
export const NODE_PADDING = { x: 12, y: 8 }
export const ARROW = 9

/** `gradient -1.235e-10`, the longest line of a name and a short number. */
const LINE_COLUMNS = 19
/** `-1.235e-10` and the space for a sign that the caller puts before it. */
const LABEL_COLUMNS = 11
const MOST_COLUMNS = 32
/** Between two slots: room for a label above and one below each edge, for one above, and for none. */
const SLOTS = { both: 30, above: 18, none: 10 }

/** Texts as they are drawn: too long ones are cut; the whole is in the node's tooltip. */
export const shownText = (text: string): string => shortened(text, MOST_COLUMNS)
export const shownLabel = (text: string): string => shortened(text, LABEL_COLUMNS + 3)

/** The sizes of all nodes, and the room that edges need for their labels. */
export function measured(picture: Picture): { graph: LayoutGraph; spacing: Partial<Spacing> } {
  const labels = picture.edges.flatMap(({ label, below }) => [label, below].filter((text) => text !== undefined))
  const slots = new Map<string, number>()
  for (const { to } of picture.edges) slots.set(to, (slots.get(to) ?? 0) + 1)
  const hasBelow = picture.edges.some(({ below }) => below !== undefined)
  const perSlot = SLOTS[hasBelow ? 'both' : labels.length > 0 ? 'above' : 'none']
  const nodes = picture.nodes.map((node) => ({
    id: node.id,
    scope: node.scope,
    width: nodeWidth(node),
    height: Math.max(nodeHeight(node), (slots.get(node.id) ?? 0) * perSlot),
  }))
  const columns = labels.reduce((most, text) => Math.max(most, displayWidth(shownLabel(text))), LABEL_COLUMNS)
  const room = labels.length > 0 ? columns * monoWidth('0', LABEL_SIZE) + 8 : 6
  return { graph: { nodes, edges: picture.edges }, spacing: { entry: ARROW + room } }
}

function nodeWidth({ title, lines }: PictureNode): number {
  const most = lines.reduce((columns, line) => Math.max(columns, displayWidth(shownText(line))), LINE_COLUMNS)
  const text = lines.length > 0 ? most * monoWidth('0', LINE_SIZE) : 0
  return Math.ceil(Math.max(monoWidth(shownText(title), TITLE_SIZE), text, 24) + 2 * NODE_PADDING.x)
}

const nodeHeight = ({ lines }: PictureNode): number => TITLE_HEIGHT + lines.length * LINE_HEIGHT + 2 * NODE_PADDING.y
