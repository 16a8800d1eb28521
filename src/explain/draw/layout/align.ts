/**
 * Which segments become straight lines, after Brandes and Köpf, "Fast and simple horizontal coordinate assignment"
 * (2002): every cell is aligned with the median of its neighbours to the left, unless that would cross a segment that
 * matters more. Two changes: cells align at the ports of their segments instead of their middles, and besides the inside
 * of long edges the thread of the computation goes first.
 */
import { INNER, type Layered, MAIN, PLAIN, type Segments } from './layers.ts'
import { type Buckets, bucket } from './topology.ts'

/** Cells in a line: each hangs on its root, `shift` below it. */
export interface Alignment {
  readonly root: Int32Array
  readonly shift: Float64Array
}

/** Aligns cells with cells to their left, from the top to the bottom; `usable` is of `usableSegments`. */
export function align(graph: Layered, usable: Uint8Array): Alignment {
  const { cells, layers, segments } = graph
  const root = Int32Array.from({ length: cells }, (_, v) => v)
  const shift = new Float64Array(cells)
  const place = placesOf(graph)
  const incoming = bucket(cells, segments.right)
  for (let layer = 1; layer < layers.length; layer++) {
    let above = -1
    for (const v of layers[layer]) {
      for (const s of medians(graph, incoming, usable, place, v)) {
        const u = segments.left[s]
        if (place[u] <= above) continue
        above = place[u]
        root[v] = root[u]
        shift[v] = shift[u] + segments.leave[s] - segments.enter[s]
        break
      }
    }
  }
  return { root, shift }
}

/** The one or two segments in the middle of those into v that matter most. */
function medians(
  { segments }: Layered,
  { start, items }: Buckets,
  usable: Uint8Array,
  place: Int32Array,
  v: number,
): number[] {
  const { left, leave, priority } = segments
  let most = PLAIN
  const candidates: number[] = []
  for (let i = start[v]; i < start[v + 1]; i++) {
    const s = items[i]
    if (!usable[s] || priority[s] < most) continue
    if (priority[s] > most) candidates.length = 0
    most = priority[s]
    candidates.push(s)
  }
  if (candidates.length <= 1) return candidates
  candidates.sort((a, b) => place[left[a]] - place[left[b]] || leave[a] - leave[b] || a - b)
  const middle = candidates.length >> 1
  return candidates.length % 2 === 1 ? [candidates[middle]] : [candidates[middle - 1], candidates[middle]]
}

export function placesOf({ cells, layers }: Layered): Int32Array {
  const place = new Int32Array(cells)
  for (const layer of layers) {
    for (let i = 0; i < layer.length; i++) place[layer[i]] = i
  }
  return place
}

/** Segments that may become straight: they neither cross one of higher priority nor share an end with such a one. */
export function usableSegments(graph: Layered): Uint8Array {
  const { cells, layers, layerOf, segments } = graph
  const { left, right, priority, count } = segments
  const usable = new Uint8Array(count).fill(1)
  const leads = new Uint8Array(cells)
  const follows = new Uint8Array(cells)
  for (let s = 0; s < count; s++) {
    if (priority[s] !== MAIN) continue
    leads[left[s]] = 1
    follows[right[s]] = 1
  }
  for (let s = 0; s < count; s++) {
    if (priority[s] === PLAIN && (leads[left[s]] || follows[right[s]])) usable[s] = 0
  }
  const place = placesOf(graph)
  const inLayer = bucket(
    layers.length,
    Int32Array.from(left, (u) => layerOf[u]),
  )
  for (let layer = 0; layer < layers.length; layer++) {
    const gap = inLayer.items.slice(inLayer.start[layer], inLayer.start[layer + 1])
    gap.sort((a, b) => place[left[a]] - place[left[b]] || place[right[a]] - place[right[b]] || a - b)
    for (const threshold of [INNER, MAIN]) markCrossing(segments, place, gap, threshold, usable)
  }
  return usable
}

/** Marks what crosses a segment of at least the threshold, from above to below and then from below to above. */
function markCrossing(
  { left, right, priority }: Segments,
  place: Int32Array,
  gap: Int32Array,
  threshold: number,
  usable: Uint8Array,
): void {
  const scan = (order: Int32Array, sign: number): void => {
    let reached = -Infinity
    for (let i = 0; i < order.length; ) {
      let end = i
      for (; end < order.length && place[left[order[end]]] === place[left[order[i]]]; end++) {
        const s = order[end]
        if (priority[s] < threshold && reached > sign * place[right[s]]) usable[s] = 0
      }
      for (; i < end; i++) {
        const s = order[i]
        if (priority[s] >= threshold) reached = Math.max(reached, sign * place[right[s]])
      }
    }
  }
  scan(gap, 1)
  scan(gap.toReversed(), -1)
}
