/**
 * The arena: regions that live at different times share memory. The largest are placed first, each into the smallest
 * gap between those that live when it does (Pisarchyk and Lee 2020, "greedy by size").
 */
import { LINE, SLACK } from '../../../backends/wasm/memory.ts'

export interface Life {
  readonly bytes: number
  /** The first and the last instruction that touches it. */
  readonly from: number
  readonly to: number
}

export interface Arena {
  readonly offsets: readonly number[]
  readonly bytes: number
}

export function pack(lives: readonly Life[]): Arena {
  const sizes = lives.map(({ bytes }) => Math.ceil((bytes + SLACK) / LINE) * LINE)
  const order = lives.map((_, i) => i).sort((a, b) => sizes[b] - sizes[a] || lives[a].from - lives[b].from)
  const offsets = lives.map(() => 0)
  /** By address. */
  const placed: number[] = []
  let bytes = 0
  for (const i of order) {
    const { from, to } = lives[i]
    let [best, room, end] = [-1, Number.POSITIVE_INFINITY, 0]
    for (const j of placed) {
      if (lives[j].to < from || lives[j].from > to) continue
      const gap = offsets[j] - end
      if (gap >= sizes[i] && gap < room) [best, room] = [end, gap]
      end = Math.max(end, offsets[j] + sizes[j])
    }
    offsets[i] = best < 0 ? end : best
    bytes = Math.max(bytes, offsets[i] + sizes[i])
    let at = placed.length
    while (at > 0 && offsets[placed[at - 1]] > offsets[i]) at--
    placed.splice(at, 0, i)
  }
  return { offsets, bytes }
}
