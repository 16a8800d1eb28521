/**
 * How large a product of factors is, and the best way from every element to the output. A product is as large as the sum
 * of the logarithms of its factors. Factors that are 0 or not finite need care: 0 · ∞ is NaN, and NaN counts as larger
 * than all; a closed gate (see `Visit`) makes 0 of whatever lies above it, so that what is above no longer matters.
 */
import type { Web } from './web.ts'

const ZERO = -Infinity
/** More than any sum of logarithms. */
const INFINITE = Number.MAX_VALUE
const BROKEN = Infinity

/** Of the lower part of a path: it is 0 and has a closed gate above what is not finite, so that the whole is 0. */
const INERT = Number.NaN

function weigh(factor: number): number {
  if (Number.isNaN(factor)) return BROKEN
  return Number.isFinite(factor) ? Math.log(Math.abs(factor)) : INFINITE
}

/** The product of a lower and an upper part. */
export function reach(lower: number, upper: number): number {
  if (Number.isNaN(lower)) return ZERO
  const [less, more] = lower < upper ? [lower, upper] : [upper, lower]
  if (more === BROKEN || (less === ZERO && more === INFINITE)) return BROKEN
  return Math.min(less + more, INFINITE)
}

/** The lower part of a path with one more edge at its upper end. */
export function through(web: Web, e: number, lower: number): number {
  if (Number.isNaN(lower) || lower === BROKEN) return lower
  if (web.closed.at(e)) return lower === INFINITE ? BROKEN : INERT
  return reach(lower, weigh(web.factor.at(e)))
}

export class Onward {
  /** From every element, the first edge of the best way; -1 at the output and where nothing leads there. */
  readonly edge: Int32Array
  /** How large its product is. */
  readonly weight: Float64Array
  /** The edges of every element as linked lists, of those that lead to the output. */
  readonly first: Int32Array
  readonly next: Int32Array

  constructor(web: Web) {
    const n = web.elements
    this.edge = new Int32Array(n).fill(-1)
    this.weight = new Float64Array(n).fill(ZERO)
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
      const weight = web.closed.at(e) ? ZERO : reach(weigh(web.factor.at(e)), this.weight[to])
      if (this.edge[from] >= 0 && !(weight >= this.weight[from])) continue
      this.weight[from] = weight
      this.edge[from] = e
    }
  }
}
