/**
 * Kernels with sizes and strides written into them, for eager ops: each is made once calls that could have used it have
 * cost JavaScript as much as making it costs. So sizes that come once or twice are never compiled for, and the time spent
 * is at most twice what it would be if the future were known (the ski rental problem).
 */
import { from } from './mode.ts'

/** So many kernels of a kind are kept; what was made first goes first. */
const MOST = 256

interface Entry<K> {
  spent: number
  kernel: K | undefined
}

export class KernelCache<K> {
  private readonly entries = new Map<string, Entry<K>>()
  private readonly making: number
  private readonly release: (kernel: K) => void

  /** `making` is the work that takes JavaScript as long as making a kernel. */
  constructor(making: number, release: (kernel: K) => void = () => {}) {
    this.making = making
    this.release = release
  }

  /** The kernel for the key; undefined where it has not been worth making one yet. `work` is that of this call. */
  take(key: string, work: number, make: () => K): K | undefined {
    const entry = this.entries.get(key) ?? this.enter(key)
    if (entry.kernel === undefined) {
      entry.spent += work
      if (entry.spent >= from(this.making)) entry.kernel = make()
    }
    return entry.kernel
  }

  private enter(key: string): Entry<K> {
    if (this.entries.size >= MOST) {
      const [oldest, { kernel }] = this.entries.entries().next().value as [string, Entry<K>]
      if (kernel !== undefined) this.release(kernel)
      this.entries.delete(oldest)
    }
    const entry: Entry<K> = { spent: 0, kernel: undefined }
    this.entries.set(key, entry)
    return entry
  }
}
