/**
 * The order of the cells in their columns, so that few segments cross: sweeps from side to side move every cell to the
 * mean height of its neighbours (Sugiyama, Tagawa and Toda 1981), exchanges of adjacent cells refine it, and the best
 * order met is kept. How long it searches depends on the size alone, never on the clock.
 */
import { crossings, type Sides, sidesOf } from './crossings.ts'
import type { Layered } from './layers.ts'

/** Improves `graph.layers` in place. */
export function reduceCrossings(graph: Layered): void {
  const search = new Search(graph)
  const { count } = graph.segments
  const rounds = count < 400 ? 24 : count < 4000 ? 10 : 6
  for (let round = 0, idle = 0; round < rounds && idle < 4 && search.least > 0; round++) {
    search.sweepRight()
    search.sweepLeft()
    if (count < 2000) search.exchange()
    idle = search.keepIfBetter() ? 0 : idle + 1
  }
  search.restoreBest()
}

class Search {
  readonly #graph: Layered
  readonly #sides: Sides
  readonly #place: Float64Array
  #best: number[][]
  least: number

  constructor(graph: Layered) {
    this.#graph = graph
    this.#sides = sidesOf(graph)
    this.#place = new Float64Array(graph.cells)
    for (const layer of graph.layers) this.#number(layer)
    this.#best = graph.layers.map((layer) => layer.slice())
    this.least = crossings(graph, this.#sides)
  }

  keepIfBetter(): boolean {
    const now = crossings(this.#graph, this.#sides)
    if (now >= this.least) return false
    this.least = now
    this.#best = this.#graph.layers.map((layer) => layer.slice())
    return true
  }

  restoreBest(): void {
    this.#best.forEach((cells, layer) => {
      cells.forEach((v, i) => {
        this.#graph.layers[layer][i] = v
      })
    })
  }

  sweepRight(): void {
    for (const layer of this.#graph.layers) this.#sort(layer, (v) => this.#meanLeft(v))
  }

  sweepLeft(): void {
    for (const layer of this.#graph.layers.toReversed()) this.#sort(layer, (v) => this.#meanRight(v))
  }

  /** Exchanges neighbours in a column wherever that saves crossings. */
  exchange(): void {
    for (let pass = 0, gained = true; pass < 4 && gained; pass++) {
      gained = false
      for (const layer of this.#graph.layers) {
        for (let i = 0; i + 1 < layer.length; i++) {
          const [u, v] = [layer[i], layer[i + 1]]
          if (this.#saved(u, v) <= 0) continue
          layer[i] = v
          layer[i + 1] = u
          this.#number(layer)
          gained = true
        }
      }
    }
  }

  #number(layer: readonly number[]): void {
    for (let i = 0; i < layer.length; i++) this.#place[layer[i]] = i
  }

  /** Sorts by the means; a cell that has none (NaN) stays where it is. */
  #sort(layer: number[], meanOf: (v: number) => number): void {
    const means = new Map(layer.map((v) => [v, meanOf(v)]))
    const moving = layer.filter((v) => !Number.isNaN(means.get(v)))
    moving.sort((a, b) => means.get(a)! - means.get(b)! || this.#place[a] - this.#place[b])
    let next = 0
    for (let i = 0; i < layer.length; i++) if (!Number.isNaN(means.get(layer[i]))) layer[i] = moving[next++]
    this.#number(layer)
  }

  #meanLeft(v: number): number {
    const { start, items } = this.#sides.incoming
    let sum = 0
    for (let i = start[v]; i < start[v + 1]; i++) sum += this.#leftEnd(items[i])
    return sum / (start[v + 1] - start[v])
  }

  #meanRight(v: number): number {
    const { start, items } = this.#sides.outgoing
    let sum = 0
    for (let i = start[v]; i < start[v + 1]; i++) sum += this.#rightEnd(items[i])
    return sum / (start[v + 1] - start[v])
  }

  /** Heights of the ends in cells: the place in the column and how far down in the cell. */
  #leftEnd(s: number): number {
    const { left, leave } = this.#graph.segments
    return this.#place[left[s]] + this.#share(leave[s], left[s])
  }

  #rightEnd(s: number): number {
    const { right, enter } = this.#graph.segments
    return this.#place[right[s]] + this.#share(enter[s], right[s])
  }

  #share(offset: number, cell: number): number {
    const height = this.#graph.heights[cell]
    return height > 0 ? offset / height : 0.5
  }

  /** Crossings between the segments of u and of v, which stands below it, less those after an exchange. */
  #saved(u: number, v: number): number {
    const { incoming, outgoing } = this.#sides
    let saved = 0
    for (let i = incoming.start[u]; i < incoming.start[u + 1]; i++) {
      const a = this.#leftEnd(incoming.items[i])
      for (let k = incoming.start[v]; k < incoming.start[v + 1]; k++) {
        saved += Math.sign(a - this.#leftEnd(incoming.items[k]))
      }
    }
    for (let i = outgoing.start[u]; i < outgoing.start[u + 1]; i++) {
      const a = this.#rightEnd(outgoing.items[i])
      for (let k = outgoing.start[v]; k < outgoing.start[v + 1]; k++) {
        saved += Math.sign(a - this.#rightEnd(outgoing.items[k]))
      }
    }
    return saved
  }
}
