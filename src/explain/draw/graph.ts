/**
 * What can be drawn: boxes with a few lines of text, and one arrow per argument slot. It knows nothing of tensors, so
 * that a scalar graph, a recording and a folded model are all the same to the layout, to SVG and to DOT.
 */
import { ArgumentError } from '../../errors/index.ts'

export type Role = 'input' | 'parameter' | 'constant' | 'op' | 'output' | 'frozen'
export type Sign = -1 | 0 | 1

export interface PictureNode {
  readonly id: string
  /** The name and the op, as in `z1 · mul`. */
  readonly title: string
  /** As in `value 0.33` and `gradient 0.322`. */
  readonly lines: readonly string[]
  /** The modules and functions it stands in, the outermost first; `[]` is the top. */
  readonly scope: readonly string[]
  readonly role: Role
  /** Of the gradient. */
  readonly sign?: Sign
  readonly highlighted?: boolean
  /** Something is wrong here: NaN, an infinity. */
  readonly warning?: boolean
  /** The ids of the nodes that were folded into this one. */
  readonly members?: readonly string[]
}

/** One argument slot of `to`: in x·x there are two edges from x. */
export interface PictureEdge {
  readonly from: string
  readonly to: string
  readonly slot: number
  /** The value that flows forward. */
  readonly label?: string
  /** The contribution that flows back, with its sign. */
  readonly below?: string
  /** Width of the stroke, from 0 (thin) to 1. */
  readonly weight?: number
  /** Of the contribution. */
  readonly sign?: Sign
  readonly highlighted?: boolean
  /** How many edges were folded into this one. */
  readonly count?: number
}

export interface Picture {
  readonly title: string
  /** What stands above and below an arrow and what its colour is the sign of, for the legend; the value, the contribution and the gradient unless given. */
  readonly arrows?: { readonly label: string; readonly below: string; readonly sign: string }
  readonly nodes: readonly PictureNode[]
  readonly edges: readonly PictureEdge[]
}

/** A graph by numbers: node i is the i-th of the list, and edge e leads from `from[e]` to `to[e]`. */
export interface Links {
  readonly count: number
  readonly from: Int32Array
  readonly to: Int32Array
}

/**
 * The edges by the places of their nodes.
 * @throws ArgumentError where two nodes have one id, or an edge an end that is no node.
 */
export function linksOf(
  name: string,
  nodes: readonly { readonly id: string }[],
  edges: readonly { readonly from: string; readonly to: string }[],
): Links {
  const places = new Map<string, number>()
  for (const { id } of nodes) {
    if (places.has(id)) throw new ArgumentError(`${name}: two nodes have the id '${id}'`)
    places.set(id, places.size)
  }
  const place = (id: string, edge: number): number => {
    const found = places.get(id)
    if (found !== undefined) return found
    const { from, to } = edges[edge]
    throw new ArgumentError(`${name}: edge ${edge}, '${from}' -> '${to}': there is no node '${id}'`)
  }
  const from = Int32Array.from(edges, (edge, e) => place(edge.from, e))
  const to = Int32Array.from(edges, (edge, e) => place(edge.to, e))
  return { count: nodes.length, from, to }
}
