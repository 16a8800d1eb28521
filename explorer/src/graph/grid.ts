/** Where nodes stand when there is no time for a layout: in the order of computation, in columns that are cut in pieces. */
import type { Layout, LayoutGraph } from 'chainrule/explain'

const GAP = 24
/** A column is broken after so many nodes. */
const ROWS = 40

/** Columns by depth: a node stands to the right of all its inputs. Nodes come after what they read. */
export function grid({ nodes, edges }: LayoutGraph): Layout {
  const place = new Map(nodes.map(({ id }, i) => [id, i]))
  const into = nodes.map((): number[] => [])
  for (const { from, to } of edges) into[place.get(to)!].push(place.get(from)!)
  const depth = new Map<number, number>()
  const columns: number[][] = []
  for (const i of nodes.keys()) {
    const own = into[i].reduce((most, j) => Math.max(most, (depth.get(j) ?? 0) + 1), 0)
    depth.set(i, own)
    columns[own] = [...(columns[own] ?? []), i]
  }
  const broken = columns.flatMap((column) =>
    Array.from({ length: Math.ceil(column.length / ROWS) }, (_, k) => column.slice(k * ROWS, (k + 1) * ROWS)),
  )
  const boxes = nodes.map(({ width, height }) => ({ x: 0, y: 0, width, height }))
  let [right, bottom] = [0, 0]
  for (const column of broken) {
    let [wide, y] = [0, 0]
    for (const i of column) {
      Object.assign(boxes[i], { x: right, y })
      wide = Math.max(wide, nodes[i].width)
      y += nodes[i].height + GAP
    }
    right += wide + 4 * GAP
    bottom = Math.max(bottom, y)
  }
  const lines = edges.map(({ from, to }) => {
    const [a, b] = [boxes[place.get(from)!], boxes[place.get(to)!]]
    return [
      { x: a.x + a.width, y: a.y + a.height / 2 },
      { x: b.x, y: b.y + b.height / 2 },
    ]
  })
  return { width: right, height: bottom, nodes: boxes, edges: lines, scopes: [] }
}
