/**
 * The one WebAssembly memory that all kernels work in, and who may use which part of it. Regions are taken first-fit
 * from a list of free ones and joined again when given back, so nothing leaks however often programs come and go. The
 * memory grows when no free region is large enough, up to the 4 GiB that 32-bit addresses reach.
 *
 * It is shared between threads where the platform allows that: in Node, and in pages that are cross-origin isolated.
 * Arrays over a shared memory stay valid when it grows; elsewhere growth detaches them all, and who keeps some asks
 * `onGrow` to be told, so as to make them anew.
 */
import { DeviceError } from '../../errors/index.ts'
import type { DType, TypedArray } from '../../ops/value.ts'

const PAGE = 65536
export const MAXIMUM_PAGES = 65536
/** Bytes of a cache line, which are four vectors: regions start at multiples of this. */
export const LINE = 64
/** Vectors are read and written whole: the last one of a region may reach this far beyond what was asked for. */
export const SLACK = 64

interface Region {
  start: number
  end: number
}

export class Heap {
  readonly memory: WebAssembly.Memory
  /** The memory as arrays, by the size of their elements. They are replaced when the memory grows: read them anew. */
  bytes!: Uint8Array
  int32!: Int32Array
  float32!: Float32Array
  float64!: Float64Array
  /** In order of address, no two adjacent. */
  private readonly free: Region[]
  private readonly taken = new Map<number, number>()
  private work: Region = { start: 0, end: 0 }
  private readonly constants = new Map<bigint, number>()
  private constantsAt: Region = { start: 0, end: 0 }
  private readonly listeners = new Set<() => void>()
  /** Whether other threads can work in it. */
  readonly shared: boolean
  /** The memory's buffers: one that is shared has another one after it has grown, over the same bytes. */
  private buffers = new WeakSet<object>()

  constructor(memory: WebAssembly.Memory = newMemory()) {
    this.memory = memory
    this.shared = !(memory.buffer instanceof ArrayBuffer)
    this.look()
    // Address 0 stays unused, so that no region starts there.
    this.free = [{ start: LINE, end: this.bytes.length }]
  }

  /**
   * The address of a region of that many bytes, until it is given back with `release`.
   * @throws DeviceError where the memory cannot grow that far.
   */
  reserve(bytes: number): number {
    const size = Math.ceil((bytes + SLACK) / LINE) * LINE
    const at = this.free.findIndex(({ start, end }) => end - start >= size)
    if (at < 0) {
      this.grow(size, bytes)
      return this.reserve(bytes)
    }
    const region = this.free[at]
    const { start } = region
    region.start += size
    if (region.start === region.end) this.free.splice(at, 1)
    this.taken.set(start, start + size)
    return start
  }

  /** Gives a region back, by its address. */
  release(start: number): void {
    const end = this.taken.get(start)
    if (end === undefined) return
    this.taken.delete(start)
    this.giveBack({ start, end })
  }

  /**
   * Room for one call: valid until the next call of `scratch`. The same region is used again and again; it is replaced
   * by a larger one where it is too small.
   */
  scratch(bytes: number): number {
    const { start, end } = this.work
    if (bytes + SLACK <= end - start) return start
    // A call that fails leaves the old region as it is.
    const larger = this.reserve(bytes)
    this.release(start)
    this.work = { start: larger, end: this.taken.get(larger)! }
    return larger
  }

  /** The address of a constant of 8 bytes, for kernels that read it into a register before their loop. */
  constant(bits: bigint): number {
    const known = this.constants.get(bits)
    if (known !== undefined) return known
    if (this.constantsAt.start === this.constantsAt.end) {
      const start = this.reserve(CONSTANTS)
      this.constantsAt = { start, end: start + CONSTANTS }
    }
    const at = this.constantsAt.start
    this.constantsAt.start += 8
    new DataView(this.memory.buffer).setBigUint64(at, bits, true)
    this.constants.set(bits, at)
    return at
  }

  /** So many elements from an address on. Where the memory is not shared, the array is detached when it grows. */
  array(address: number, dtype: DType, length: number): TypedArray {
    return new ARRAYS[dtype](this.memory.buffer, address, length)
  }

  /** Whether the array lies in this memory. */
  holds({ buffer }: TypedArray): boolean {
    return this.buffers.has(buffer)
  }

  /** Calls `renew` whenever growth has detached all arrays over the memory; the result stops that. */
  onGrow(renew: () => void): () => void {
    this.listeners.add(renew)
    return () => this.listeners.delete(renew)
  }

  private grow(size: number, asked: number): void {
    const pages = this.bytes.length / PAGE
    const last = this.free.at(-1)
    const usable = last?.end === this.bytes.length ? last.end - last.start : 0
    const needed = Math.ceil((size - usable) / PAGE)
    // Geometric, as some engines copy the memory when it grows.
    const wanted = Math.min(MAXIMUM_PAGES - pages, Math.max(needed, Math.ceil(pages / 4)))
    const end = this.bytes.length
    if (needed > MAXIMUM_PAGES - pages || !(this.tryGrow(wanted) || this.tryGrow(needed))) {
      throw new DeviceError(
        `WebAssembly: ${shown(asked)} more do not fit beside the ${shown(end)} in use; a WebAssembly memory ends at 4 GiB ` +
          'or where the system has no more; use smaller batches, release() compiled functions that are not needed any more (what is ' +
          'garbage comes back only when the event loop runs), or CHAINRULE_WASM=off',
      )
    }
    this.look()
    this.giveBack({ start: end, end: this.bytes.length })
    if (!this.shared) for (const renew of this.listeners) renew()
  }

  private tryGrow(pages: number): boolean {
    try {
      this.memory.grow(pages)
      return true
    } catch {
      // RangeError is how the engine says that it has no more.
      return false
    }
  }

  private look(): void {
    const { buffer } = this.memory
    if (!this.shared) this.buffers = new WeakSet()
    this.buffers.add(buffer)
    this.bytes = new Uint8Array(buffer)
    this.int32 = new Int32Array(buffer)
    this.float32 = new Float32Array(buffer)
    this.float64 = new Float64Array(buffer)
  }

  private giveBack(region: Region): void {
    let at = this.free.findIndex(({ start }) => start > region.start)
    if (at < 0) at = this.free.length
    const [before, after] = [this.free[at - 1], this.free[at]]
    const joinsBefore = before?.end === region.start
    const joinsAfter = after?.start === region.end
    if (joinsBefore && joinsAfter) {
      before.end = after.end
      this.free.splice(at, 1)
    } else if (joinsBefore) before.end = region.end
    else if (joinsAfter) after.start = region.start
    else this.free.splice(at, 0, region)
  }
}

const CONSTANTS = 4096

const ARRAYS = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array } as const

/** A shared memory needs its room reserved in advance: where addresses are scarce, a smaller one will do. */
function newMemory(): WebAssembly.Memory {
  if (typeof SharedArrayBuffer === 'function') {
    for (const maximum of [MAXIMUM_PAGES, MAXIMUM_PAGES / 4]) {
      try {
        return new WebAssembly.Memory({ initial: 16, maximum, shared: true })
      } catch {
        // The next smaller one, and at last one that grows by being copied.
      }
    }
  }
  return new WebAssembly.Memory({ initial: 16, maximum: MAXIMUM_PAGES })
}

const shown = (bytes: number): string =>
  bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(2)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`
