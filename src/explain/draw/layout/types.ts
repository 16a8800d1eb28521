/** What goes into a layout and what comes out: plain data. */

export interface LayoutNode {
  readonly id: string
  readonly width: number
  readonly height: number
  readonly scope: readonly string[]
}

export interface LayoutEdge {
  readonly from: string
  readonly to: string
  readonly slot: number
}

export interface LayoutGraph {
  readonly nodes: readonly LayoutNode[]
  readonly edges: readonly LayoutEdge[]
}

/** Distances, in the unit of the sizes. */
export interface Spacing {
  /** Between two nodes or scopes, one above the other; 20 unless given. */
  readonly nodeGap: number
  /** Between two edges, one above the other; 12 unless given. */
  readonly edgeGap: number
  /** The least width in which edges go up or down from one column to the next; 32 unless given. */
  readonly columnGap: number
  /** How far every edge runs level before it enters a node, room for an arrow head and a label; 14 unless given. */
  readonly entry: number
  /** Inside a scope's box, at all sides; 12 unless given. */
  readonly padding: number
  /** For a scope's name at the top of its box; 20 unless given. */
  readonly caption: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** A rectangle by its upper left corner. */
export interface Box extends Point {
  readonly width: number
  readonly height: number
}

export interface PlacedScope extends Box {
  readonly path: readonly string[]
  /** A scope to which the computation comes back has a box for each visit: this is the `instance`-th of `instances`. */
  readonly instance: number
  readonly instances: number
}

export interface Layout {
  readonly width: number
  readonly height: number
  /** In the order of the graph's nodes. */
  readonly nodes: readonly Box[]
  /** In the order of the graph's edges: level between two points with the same y, elsewhere bent. */
  readonly edges: readonly (readonly Point[])[]
  /** Each after the one around it. */
  readonly scopes: readonly PlacedScope[]
}
