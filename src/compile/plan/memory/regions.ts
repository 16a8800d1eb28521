/**
 * Which region every value lies in. Inputs, constants, states and results have regions that are kept from call to call;
 * the others live in the arena from the instruction that makes them to the last that reads them. A loop that reads
 * such a value for the last time, place by place as it writes another one, leaves that one in the same region.
 */
import type { LoopKernel, Region } from '../../../backends/kernels.ts'
import { bytesPerElement } from '../../../ops/dtype.ts'
import type { ValueId, ValueInfo } from '../../graph/graph.ts'
import type { Spot } from '../kernel.ts'
import { pack } from './arena.ts'

/** What an instruction does to values. */
export interface Step {
  readonly reads: readonly Spot[]
  readonly writes: readonly Spot[]
  /** The loop that it is, if it is one. */
  readonly kernel: LoopKernel | null
}

export interface Memory {
  readonly regions: readonly Region[]
  readonly arenaBytes: number
  /** Undefined for values that no instruction touches and nobody keeps. */
  regionOf(value: ValueId): number | undefined
}

export const bytesOf = ({ dtype, size }: ValueInfo): number => size * bytesPerElement[dtype]

/** `home` names the value whose region each value has; `kept` those whose regions are kept. */
export function layOut(
  values: readonly ValueInfo[],
  home: readonly ValueId[],
  kept: ReadonlySet<ValueId>,
  steps: readonly Step[],
): Memory {
  const places = new Map<ValueId, number>()
  const regions: { bytes: number; kept: boolean; from: number; to: number }[] = []
  const last = lastUses(home, steps)
  const place = (root: ValueId, i: number): number => {
    let at = places.get(root)
    if (at === undefined) {
      at = regions.push({ bytes: bytesOf(values[root]), kept: kept.has(root), from: i, to: last.get(root) ?? i }) - 1
      places.set(root, at)
    }
    return at
  }
  for (const root of kept) place(root, 0)
  for (const [i, step] of steps.entries()) {
    for (const { value } of step.reads) place(home[value], i)
    for (const [w, { value }] of step.writes.entries()) {
      const root = home[value]
      if (places.has(root)) continue
      const left = step.kernel && takenOver(step.kernel, step, w, i)
      if (left === null || left === undefined) place(root, i)
      else {
        places.set(root, left)
        regions[left].to = last.get(root) ?? i
      }
    }
  }
  const arena = pack(regions.filter((r) => !r.kept))
  let next = 0
  return {
    regions: regions.map(({ bytes, kept: own }) => ({
      bytes,
      is: own ? 'kept' : 'arena',
      offset: own ? 0 : arena.offsets[next++],
    })),
    arenaBytes: arena.bytes,
    regionOf: (v) => places.get(home[v]),
  }

  /** The region of an operand that is read for the last time, and only where write `w` goes. */
  function takenOver(kernel: LoopKernel, { reads, writes }: Step, w: number, i: number): number | null {
    const { dtype, strides } = kernel.writes[w]
    const wanted = bytesOf(values[home[writes[w].value]])
    if (writes[w].offset !== 0 || kept.has(home[writes[w].value])) return null
    for (const { value } of reads) {
      const region = regions[places.get(home[value])!]
      if (region.kept || region.to !== i || region.bytes !== wanted) continue
      const alike = reads.every((r, k) => {
        const stream = kernel.reads[k]
        const same = stream.dtype === dtype && r.offset === 0 && stream.strides.every((s, d) => s === strides[d])
        return places.get(home[r.value]) !== places.get(home[value]) || same
      })
      if (alike && !writes.some((x) => regions[places.get(home[x.value]) ?? -1] === region))
        return places.get(home[value])!
    }
    return null
  }
}

function lastUses(home: readonly ValueId[], steps: readonly Step[]): Map<ValueId, number> {
  const last = new Map<ValueId, number>()
  for (const [i, { reads, writes }] of steps.entries()) {
    for (const { value } of [...reads, ...writes]) last.set(home[value], i)
  }
  return last
}
