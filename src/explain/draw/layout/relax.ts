/**
 * The last step for heights: lines of cells move to the median of what they are joined to, which makes the sum of all
 * bends smaller. What is straight moves as one and stays straight; what stands in the way is pushed along if both
 * together gain by it.
 */
import { placesOf } from './align.ts'
import type { Gap } from './compact.ts'
import type { Layered } from './layers.ts'
import { type Buckets, bucket } from './topology.ts'

const PASSES = 8
/** Bends in the inside of long edges, and in the thread of the computation, weigh more. */
const WEIGHTS = [1, 4, 8]
/** How many lines one line may push, and how many cells may be looked at for it: else the work would be quadratic. */
const MOST_PUSHED = 24
const MOST_LOOKED_AT = 200_000
const NOTHING = 0.01

/** Moves the tops in place. */
export function relax(graph: Layered, top: Float64Array, gap: Gap): void {
  const budget = { looks: MOST_LOOKED_AT }
  for (let pass = 0; pass < PASSES; pass++) if (!new Pass(graph, top, gap, budget).run()) return
}

interface Pull {
  readonly by: number
  readonly weight: number
}

class Pass {
  readonly #graph: Layered
  readonly #top: Float64Array
  readonly #gap: Gap
  readonly #place: Int32Array
  readonly #line: Int32Array
  readonly #members: Buckets
  readonly #incoming: Buckets
  readonly #outgoing: Buckets
  /** Which lines move together at the moment: those with the stamp. */
  readonly #stamp: Int32Array
  #stamps = 0
  readonly #budget: { looks: number }

  constructor(graph: Layered, top: Float64Array, gap: Gap, budget: { looks: number }) {
    const { cells, segments } = graph
    this.#graph = graph
    this.#top = top
    this.#gap = gap
    this.#place = placesOf(graph)
    this.#line = straightLines(graph, (s) => this.#bend(s))
    this.#members = bucket(cells, this.#line)
    this.#incoming = bucket(cells, segments.right)
    this.#outgoing = bucket(cells, segments.left)
    this.#stamp = new Int32Array(cells)
    this.#budget = budget
  }

  /** Moves every line once; says whether any moved. */
  run(): boolean {
    let moved = false
    for (let line = 0; line < this.#graph.cells; line++) {
      if (this.#members.start[line] === this.#members.start[line + 1]) continue
      if (this.#move(line)) moved = true
    }
    return moved
  }

  #move(line: number): boolean {
    this.#stamps++
    const together = [line]
    this.#stamp[line] = this.#stamps
    for (let wanted = this.#wanted(together); Math.abs(wanted) > NOTHING; ) {
      const { room, blockers } = this.#room(together, wanted)
      if (room > NOTHING) {
        this.#shift(together, Math.sign(wanted) * Math.min(room, Math.abs(wanted)))
        return true
      }
      if (together.length + blockers.length > MOST_PUSHED || this.#budget.looks <= 0) return false
      for (const blocker of blockers) this.#stamp[blocker] = this.#stamps
      together.push(...blockers)
      for (const line of together) this.#budget.looks -= this.#members.start[line + 1] - this.#members.start[line]
      const now = this.#wanted(together)
      if (Math.sign(now) !== Math.sign(wanted)) return false
      wanted = now
    }
    return false
  }

  #shift(lines: readonly number[], by: number): void {
    for (const v of this.#cellsOf(lines)) this.#top[v] += by
  }

  *#cellsOf(lines: readonly number[]): Generator<number> {
    const { start, items } = this.#members
    for (const line of lines) for (let i = start[line]; i < start[line + 1]; i++) yield items[i]
  }

  /** How far the lines can go in a direction, and what is directly in their way. */
  #room(lines: readonly number[], direction: number): { room: number; blockers: number[] } {
    const { layers, layerOf, heights } = this.#graph
    let room = Infinity
    const blockers: number[] = []
    for (const v of this.#cellsOf(lines)) {
      const w = layers[layerOf[v]][this.#place[v] + Math.sign(direction)]
      if (w === undefined || this.#moves(w)) continue
      const [above, below] = direction > 0 ? [v, w] : [w, v]
      const free = this.#top[below] - this.#top[above] - heights[above] - this.#gap(above, below)
      room = Math.min(room, free)
      if (free <= NOTHING && !blockers.includes(this.#line[w])) blockers.push(this.#line[w])
    }
    return { room, blockers }
  }

  /** How far the lines would have to move for the sum of their bends to be least. */
  #wanted(lines: readonly number[]): number {
    const { left, right, priority } = this.#graph.segments
    const pulls: Pull[] = []
    for (const v of this.#cellsOf(lines)) {
      for (let i = this.#incoming.start[v]; i < this.#incoming.start[v + 1]; i++) {
        const s = this.#incoming.items[i]
        if (!this.#moves(left[s])) pulls.push({ by: -this.#bend(s), weight: WEIGHTS[priority[s]] })
      }
      for (let i = this.#outgoing.start[v]; i < this.#outgoing.start[v + 1]; i++) {
        const s = this.#outgoing.items[i]
        if (!this.#moves(right[s])) pulls.push({ by: this.#bend(s), weight: WEIGHTS[priority[s]] })
      }
    }
    return nearestMedian(pulls)
  }

  #moves(v: number): boolean {
    return this.#stamp[this.#line[v]] === this.#stamps
  }

  /** How much lower a segment ends than it starts. */
  #bend(s: number): number {
    const { left, right, leave, enter } = this.#graph.segments
    return this.#top[right[s]] + enter[s] - this.#top[left[s]] - leave[s]
  }
}

/** Of the places with the least sum of weighted distances, the one nearest to 0. */
function nearestMedian(pulls: Pull[]): number {
  if (pulls.length === 0) return 0
  pulls.sort((a, b) => a.by - b.by)
  const half = pulls.reduce((sum, { weight }) => sum + weight, 0) / 2
  let sum = 0
  let i = 0
  while (sum + pulls[i].weight < half) sum += pulls[i++].weight
  const least = pulls[i].by
  const most = sum + pulls[i].weight === half ? pulls[i + 1].by : least
  return Math.max(least, Math.min(most, 0))
}

/** Cells joined by straight segments are one line, named by one of them. */
function straightLines({ cells, segments }: Layered, bend: (s: number) => number): Int32Array {
  const parent = Int32Array.from({ length: cells }, (_, v) => v)
  const find = (v: number): number => {
    let at = v
    while (parent[at] !== at) at = parent[at] = parent[parent[at]]
    return at
  }
  for (let s = 0; s < segments.count; s++) {
    if (Math.abs(bend(s)) < 1e-6) parent[find(segments.right[s])] = find(segments.left[s])
  }
  return parent.map((_, v) => find(v))
}
