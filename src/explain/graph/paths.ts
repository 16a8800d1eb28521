/**
 * The paths with the largest products, without listing the others. The best way onward from every element is known
 * after one sweep back over the edges. A path is then the best way, left at some places for another edge: the k-th best
 * one is found by taking the best so far and leaving it at one more place (Yen 1971, where in an acyclic graph the
 * remaining distance is known exactly). Products are compared by the sums of their logarithms, which cannot underflow.
 */
import { Onward, reach, through } from './onward.ts'
import type { Web } from './web.ts'

/** A path as its edges, from the output down to the input. */
export interface Path {
  readonly edges: readonly number[]
  readonly product: number
}

export interface Paths {
  /** By descending |product|; products that are NaN come first, since they are what is wrong. */
  readonly best: readonly Path[]
  /** What all the others amount to. */
  readonly rest: number
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
  /** How large the product of the prefix is, and that of the whole: see `onward.ts`. */
  readonly before: number
  readonly weight: number
  /** Which of the paths that were found it leaves. */
  readonly parent: number
}

/** At most k paths. */
export function bestPaths(web: Web, k: number): Paths {
  if (web.end < 0) return { best: [], rest: 0 }
  const { adjoint } = web.derivatives()
  if (k <= 0) return { best: [], rest: adjoint[0] }
  const onward = new Onward(web)
  const found: Candidate[] = []
  const trails: (Trail | null)[] = []
  const candidates: Candidate[] = [{ prefix: null, at: 0, before: 0, weight: onward.weight[0], parent: -1 }]
  while (found.length < k && candidates.length > 0) {
    const best = candidates.shift()!
    let { prefix: trail, at, before } = best
    for (;;) {
      for (let e = onward.first[at]; e >= 0; e = onward.next[e]) {
        if (e === onward.edge[at]) continue
        const so = through(web, e, before)
        const to = web.to.at(e)
        insert(candidates, k - found.length - 1, {
          prefix: { edge: e, before: trail },
          at: to,
          before: so,
          weight: reach(so, onward.weight[to]),
          parent: found.length,
        })
      }
      const next = onward.edge[at]
      if (next < 0) break
      trail = { edge: next, before: trail }
      before = through(web, next, before)
      at = web.to.at(next)
    }
    found.push(best)
    trails.push(trail)
  }
  return { best: trails.map((trail) => pathOf(trail, web)).sort(bySize), rest: restOf(web, onward, found, adjoint) }
}

function pathOf(trail: Trail | null, web: Web): Path {
  const edges: number[] = []
  // From the output downwards, as the engine multiplies.
  let product = 1
  for (let t = trail; t; t = t.before) {
    edges.push(t.edge)
    product = web.through(t.edge, product)
  }
  return { edges, product }
}

/** Where logarithms are equal but for their rounding, the products decide. */
function bySize(a: Path, b: Path): number {
  const [x, y] = [Math.abs(a.product), Math.abs(b.product)]
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(y)) - Number(Number.isNaN(x))
  return x === y ? 0 : y - x
}

/** Keeps the list sorted and no longer than what can still be asked for; of equals, the earlier one stays ahead. */
function insert(candidates: Candidate[], most: number, one: Candidate): void {
  if (candidates.length >= most && !(candidates.at(-1) && one.weight > candidates.at(-1)!.weight)) return
  let place = candidates.length
  while (place > 0 && candidates[place - 1].weight < one.weight) place--
  candidates.splice(place, 0, one)
  if (candidates.length > most) candidates.pop()
}

/**
 * The derivative with the paths that were found left out: a sweep back over those paths in which every edge that leaves
 * one stands for all that lies beyond it. (The difference of two sums would be rounding where little is left.) Paths that
 * leave another are found after it, so that they are summed up before it.
 */
function restOf(web: Web, onward: Onward, found: readonly Candidate[], adjoint: Float64Array): number {
  /** Per path, by the edge at which others leave it: what is left beyond; null where all paths were found. */
  const left = found.map(() => new Map<number, number | null>())
  let rest: number | null = null
  for (let k = found.length - 1; k >= 0; k--) {
    const { prefix, at, parent } = found[k]
    const way: number[] = []
    for (let e = onward.edge[at]; e >= 0; e = onward.edge[web.to.at(e)]) way.push(e)
    rest = null
    for (const next of way.reverse()) {
      if (rest !== null) rest = web.through(next, rest)
      for (let e = onward.first[web.from.at(next)]; e >= 0; e = onward.next[e]) {
        const beyond = left[k].has(e) ? left[k].get(e)! : adjoint[web.to.at(e)]
        if (e !== next && beyond !== null) rest = (rest ?? 0) + web.through(e, beyond)
      }
    }
    if (parent >= 0) left[parent].set(prefix!.edge, rest)
  }
  return rest ?? 0
}
