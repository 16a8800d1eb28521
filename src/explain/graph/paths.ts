/**
 * The paths with the largest products, without listing the others. The best way onward from every element is known
 * after one sweep back over the edges. A path is then the best way, left at some places for another edge: the k-th best
 * one is found by taking the best so far and leaving it at one more place (Yen 1971, where in an acyclic graph the
 * remaining distance is known exactly). Products are compared by the sums of their logarithms, which cannot underflow.
 */
import type { Web } from './web.ts'

/** A path as its edges, from the output down to the input. */
export interface Path {
  readonly edges: readonly number[]
  readonly product: number
}

/** Edges, the last one first: candidates share what they have in common. */
interface Trail {
  readonly edge: number
  readonly before: Trail | null
}

/** A way to the output: the edges of `prefix` up to an element, then the best way onward. */
interface Candidate {
  readonly prefix: Trail | null
  /** The element at which the best way onward begins. */
  readonly at: number
  /** log |product| of the prefix, and of the whole. */
  readonly before: number
  readonly weight: number
}

/** @returns at most k paths, by descending |product|; products that are NaN come first, since they are what is wrong. */
export function bestPaths(web: Web, k: number): Path[] {
  if (web.end < 0 || k <= 0) return []
  const onward = new Onward(web)
  const found: Path[] = []
  const candidates: Candidate[] = [{ prefix: null, at: 0, before: 0, weight: onward.weight[0] }]
  while (found.length < k && candidates.length > 0) {
    const best = candidates.shift()!
    let { prefix: trail, at, before } = best
    for (;;) {
      for (const e of onward.others(at)) {
        const to = web.to.at(e)
        const through = join(before, weigh(web.factor.at(e)))
        const weight = join(through, onward.weight[to])
        insert(candidates, k - found.length - 1, {
          prefix: { edge: e, before: trail },
          at: to,
          before: through,
          weight,
        })
      }
      const next = onward.edge[at]
      if (next < 0) break
      trail = { edge: next, before: trail }
      before = join(before, weigh(web.factor.at(next)))
      at = web.to.at(next)
    }
    found.push(pathOf(trail, web))
  }
  return found
}

function pathOf(trail: Trail | null, web: Web): Path {
  const edges: number[] = []
  // From the output downwards, as the engine multiplies.
  let product = 1
  for (let t = trail; t; t = t.before) {
    edges.push(t.edge)
    product *= web.factor.at(t.edge)
  }
  return { edges, product }
}

/** Keeps the list sorted and no longer than what can still be asked for; of equals, the earlier one stays ahead. */
function insert(candidates: Candidate[], most: number, one: Candidate): void {
  if (candidates.length >= most && !(candidates.at(-1) && one.weight > candidates.at(-1)!.weight)) return
  let place = candidates.length
  while (place > 0 && candidates[place - 1].weight < one.weight) place--
  candidates.splice(place, 0, one)
  if (candidates.length > most) candidates.pop()
}

/** log |factor|; NaN counts as infinite. */
const weigh = (factor: number): number => (Number.isNaN(factor) ? Infinity : Math.log(Math.abs(factor)))

/** The sum of logarithms; 0 · ∞ is NaN. */
const join = (a: number, b: number): number => (Number.isNaN(a + b) ? Infinity : a + b)

/** From every element, the best way to the output. */
class Onward {
  readonly web: Web
  /** The first edge of it; -1 at the output and where nothing leads there. */
  readonly edge: Int32Array
  /** log |product| of it. */
  readonly weight: Float64Array
  /** The edges of every element as linked lists, of those that lead to the output. */
  readonly first: Int32Array
  readonly next: Int32Array

  constructor(web: Web) {
    const n = web.variables.length
    this.web = web
    this.edge = new Int32Array(n).fill(-1)
    this.weight = new Float64Array(n).fill(-Infinity)
    this.first = new Int32Array(n).fill(-1)
    this.next = new Int32Array(web.edges).fill(-1)
    const leads = new Uint8Array(n)
    leads[web.end] = 1
    this.weight[web.end] = 0
    for (let e = web.edges - 1; e >= 0; e--) {
      const [from, to] = [web.from.at(e), web.to.at(e)]
      if (!leads[to] || from === web.end) continue
      leads[from] = 1
      this.next[e] = this.first[from]
      this.first[from] = e
      const weight = join(weigh(web.factor.at(e)), this.weight[to])
      if (this.edge[from] >= 0 && !(weight >= this.weight[from])) continue
      this.weight[from] = weight
      this.edge[from] = e
    }
  }

  /** The edges that leave `at` for the output, but for the best one. */
  others(at: number): number[] {
    const list: number[] = []
    for (let e = this.first[at]; e >= 0; e = this.next[e]) if (e !== this.edge[at]) list.push(e)
    return list
  }
}
