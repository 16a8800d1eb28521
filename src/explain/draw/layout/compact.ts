/** Heights for aligned cells: each line of cells as high as it can be, then as low as its neighbours allow. */
import type { Alignment } from './align.ts'
import type { Layered } from './layers.ts'
import { topologicalOrder } from './topology.ts'

/** The distance between two cells one above the other. */
export type Gap = (above: number, below: number) => number

/** The tops of the cells: longest paths in the graph of the lines, which has an edge where two are neighbours. */
export function compact({ cells, layers, heights }: Layered, { root, shift }: Alignment, gap: Gap): Float64Array {
  const from: number[] = []
  const to: number[] = []
  const distance: number[] = []
  for (const layer of layers) {
    for (let i = 1; i < layer.length; i++) {
      const [above, below] = [layer[i - 1], layer[i]]
      from.push(root[above])
      to.push(root[below])
      distance.push(shift[above] + heights[above] + gap(above, below) - shift[below])
    }
  }
  const links = { count: cells, from: Int32Array.from(from), to: Int32Array.from(to) }
  const top = longestPaths(links, distance)
  for (let v = 0; v < cells; v++) if (root[v] !== v) top[v] = top[root[v]] + shift[v]
  return top
}

function longestPaths(links: { count: number; from: Int32Array; to: Int32Array }, distance: readonly number[]) {
  const { count, from, to } = links
  const rankOf = new Int32Array(count)
  topologicalOrder(links).forEach((v, i) => {
    rankOf[v] = i
  })
  const edges = Int32Array.from(from.keys())
  const top = new Float64Array(count)
  for (const e of edges.sort((a, b) => rankOf[from[a]] - rankOf[from[b]] || a - b)) {
    top[to[e]] = Math.max(top[to[e]], top[from[e]] + distance[e])
  }
  const room = new Float64Array(count).fill(Infinity)
  const settle = (v: number) => (room[v] < Infinity ? Math.max(top[v], room[v]) : top[v])
  for (const e of edges.sort((a, b) => rankOf[to[b]] - rankOf[to[a]] || a - b)) {
    // every edge out of to[e] has been seen
    room[from[e]] = Math.min(room[from[e]], settle(to[e]) - distance[e])
  }
  return top.map((_, v) => settle(v))
}
