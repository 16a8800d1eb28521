/**
 * Heights of all cells: Brandes and Köpf's four layouts, each leaning to one corner, and between them the mean of the
 * two middle ones, in which a straight line stays straight; then what has room moves towards its neighbours.
 */
import { align, usableSegments } from './align.ts'
import { compact, type Gap } from './compact.ts'
import type { Layered } from './layers.ts'
import { relax } from './relax.ts'

/** The tops of the cells, the least of them 0. */
export function placeCells(graph: Layered, gap: Gap): Float64Array {
  const usable = usableSegments(graph)
  const layouts = [false, true].flatMap((rightwards) =>
    [false, true].map((upwards) => leaning(graph, usable, rightwards, upwards, gap)),
  )
  const top = balance(graph, layouts)
  relax(graph, top, gap)
  const least = top.reduce((a, b) => Math.min(a, b), Infinity)
  return top.map((y) => y - least)
}

interface Leaning {
  readonly top: Float64Array
  readonly upwards: boolean
}

function leaning(graph: Layered, usable: Uint8Array, rightwards: boolean, upwards: boolean, gap: Gap): Leaning {
  const seen = mirrored(graph, rightwards, upwards)
  const top = compact(seen, align(seen, usable), upwards ? (above, below) => gap(below, above) : gap)
  return { top: upwards ? top.map((y, v) => -y - graph.heights[v]) : top, upwards }
}

/** The same graph seen from the other side: its columns from the right, or its cells from below. */
function mirrored(graph: Layered, rightwards: boolean, upwards: boolean): Layered {
  const { heights, segments } = graph
  const below = (offset: Float64Array, cell: Int32Array) =>
    upwards ? offset.map((y, s) => heights[cell[s]] - y) : offset
  const leave = below(segments.leave, segments.left)
  const enter = below(segments.enter, segments.right)
  const swapped = rightwards
    ? { left: segments.right, right: segments.left, leave: enter, enter: leave }
    : { leave, enter }
  const columns = rightwards ? graph.layers.toReversed() : graph.layers
  const depth = columns.length
  return {
    ...graph,
    layers: upwards ? columns.map((layer) => layer.toReversed()) : columns,
    layerOf: rightwards ? graph.layerOf.map((layer) => depth - 1 - layer) : graph.layerOf,
    segments: { ...segments, ...swapped },
  }
}

/** All are moved to where the flattest of them is; what leans upwards keeps its lower edge. */
function balance({ cells, heights }: Layered, layouts: readonly Leaning[]): Float64Array {
  const ends = layouts.map(({ top }) => ({
    least: top.reduce((a, b) => Math.min(a, b), Infinity),
    most: top.reduce((a, y, v) => Math.max(a, y + heights[v]), -Infinity),
  }))
  const flattest = ends.reduce((a, b) => (b.most - b.least < a.most - a.least ? b : a))
  const moves = layouts.map(({ upwards }, i) =>
    upwards ? flattest.most - ends[i].most : flattest.least - ends[i].least,
  )
  return Float64Array.from({ length: cells }, (_, v) => {
    const tops = layouts.map(({ top }, i) => top[v] + moves[i]).sort((a, b) => a - b)
    return (tops[1] + tops[2]) / 2
  })
}
