/**
 * Edges that go a very long way would be cut into a cell per column, and the work grows with the cells: a parameter that
 * is read again in every pass of a long loop makes half a million of them. Where there are too many, the sources that
 * cost most send their long edges by a rail instead: a level line above or below all columns, one for each source, with
 * a branch to every reader. How many do depends on the graph alone, never on the clock.
 */
import type { Layered, Wires } from './layers.ts'

/** So many cells of long edges are placed one by one. */
const MOST_CELLS = 24_000
/** Edges over no more columns than this are not long. */
const SHORT = 12

/** The edges of one source that share a rail, and the columns that it passes. */
export interface Rail {
  readonly wires: readonly number[]
  readonly first: number
  readonly last: number
}

/** The rails of a region; none where the cells are few enough. */
export function railsOf({ from, to, leave }: Wires, ranks: Int32Array): Rail[] {
  const span = (w: number) => ranks[to[w]] - ranks[from[w]]
  let cells = 0
  const bySource = new Map<string, number[]>()
  for (let w = 0; w < from.length; w++) {
    cells += span(w) - 1
    if (span(w) <= SHORT) continue
    const key = `${from[w]} ${leave[w]}`
    const known = bySource.get(key)
    if (known) known.push(w)
    else bySource.set(key, [w])
  }
  if (cells <= MOST_CELLS) return []
  const costs = Array.from(bySource.values(), (wires) => ({
    wires,
    cost: wires.reduce((sum, w) => sum + span(w) - 1, 0),
  }))
  costs.sort((a, b) => b.cost - a.cost || a.wires[0] - b.wires[0])
  const rails: Rail[] = []
  for (const { wires, cost } of costs) {
    if (cells <= MOST_CELLS) break
    cells -= cost
    const last = wires.reduce((most, w) => Math.max(most, ranks[to[w]]), 0)
    rails.push({ wires, first: ranks[from[wires[0]]], last })
  }
  return rails
}

/** The edges without those on rails, and the number of each in the whole. */
export function offRails(wires: Wires, rails: readonly Rail[]): { readonly wires: Wires; readonly number: Int32Array } {
  const isRailed = new Uint8Array(wires.from.length)
  for (const { wires: own } of rails) for (const w of own) isRailed[w] = 1
  const number = Int32Array.from(wires.from.keys()).filter((w) => !isRailed[w])
  if (rails.length === 0) return { wires, number }
  const kept = {
    count: wires.count,
    from: number.map((w) => wires.from[w]),
    to: number.map((w) => wires.to[w]),
    leave: Float64Array.from(number, (w) => wires.leave[w]),
    enter: Float64Array.from(number, (w) => wires.enter[w]),
    key: Float64Array.from(number, (w) => wires.key[w]),
    priority: Uint8Array.from(number, (w) => wires.priority[w]),
  }
  return { wires: kept, number }
}

/**
 * The height of the rail of every edge that has one: on the side where its source stands, as near to the columns as those
 * allow that pass there too. What rails need above moves `top` down.
 */
export function placeRails(
  rails: readonly Rail[],
  { from, leave }: Wires,
  { heights }: Layered,
  top: Float64Array,
  gap: number,
): Map<number, number> {
  const height = top.reduce((most, y, v) => Math.max(most, y + heights[v]), 0)
  const sides = { above: [] as number[], below: [] as number[] }
  const lanes = rails
    .toSorted((a, b) => a.first - b.first || a.wires[0] - b.wires[0])
    .map(({ wires, first, last }) => {
      const isAbove = top[from[wires[0]]] + leave[wires[0]] < height / 2
      const ends = isAbove ? sides.above : sides.below
      const free = ends.findIndex((end) => end <= first)
      const lane = free < 0 ? ends.length : free
      ends[lane] = last
      return { wires, isAbove, lane }
    })
  const room = sides.above.length * gap
  if (room > 0) for (let v = 0; v < top.length; v++) top[v] += room
  const at = new Map<number, number>()
  for (const { wires, isAbove, lane } of lanes) {
    const y = isAbove ? room - (lane + 1) * gap : room + height + (lane + 1) * gap
    for (const w of wires) at.set(w, y)
  }
  return at
}
