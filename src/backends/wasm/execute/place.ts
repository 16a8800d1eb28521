/** Where the regions of a program lie in the heap. */
import { bytesPerElement } from '../../../ops/dtype.ts'
import type { Place, Program } from '../../kernels.ts'
import type { Heap } from '../memory.ts'

/** Reserves memory until it is given back all at once. */
export class Reservation {
  private readonly heap: Heap
  private readonly taken: number[] = []

  constructor(heap: Heap) {
    this.heap = heap
  }

  reserve(bytes: number): number {
    const at = this.heap.reserve(bytes)
    this.taken.push(at)
    return at
  }

  /** All but what begins at these addresses, which is then somebody else's to give back. */
  release(kept?: ReadonlySet<number>): void {
    for (const at of this.taken.splice(0)) if (!kept?.has(at)) this.heap.release(at)
  }
}

/** The address of each region: where it is placed already, in the arena, or in memory of its own, which is zero. */
export function placeRegions(
  { regions, arenaBytes }: Program,
  placed: readonly (number | undefined)[],
  heap: Heap,
  reservation: Reservation,
): number[] {
  const arena = arenaBytes > 0 ? reservation.reserve(arenaBytes) : 0
  return regions.map((region, i) => {
    const known = placed[i]
    if (known !== undefined) return known
    if (region.is === 'arena') return arena + region.offset
    const own = reservation.reserve(region.bytes)
    heap.bytes.fill(0, own, own + region.bytes)
    return own
  })
}

/** The address of an operand. */
export const addressOf = (addresses: readonly number[], { region, offset, dtype }: Place): number =>
  addresses[region] + offset * bytesPerElement[dtype]
