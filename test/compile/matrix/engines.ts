/** Counts what BLAS and the workers do for compiled programs, and sees to it that workers have something to do. */

interface Pool {
  readonly ready: boolean
  run(task: number, parts: readonly (() => void)[], patience: number): void
}
interface Native {
  open(memory: WebAssembly.Memory): Record<'float32' | 'float64', (...args: number[]) => void>
}

/** How long the main thread waits after its first part, so that workers take others. In milliseconds. */
const WAIT = 0.05

export class Engines {
  byBlas = 0
  byWorkers = 0

  /** From now on. Nothing may have been compiled yet. */
  static async watch(dist: string): Promise<Engines> {
    const engines = new Engines()
    const { Pool } = (await import(`${dist}/backends/wasm/threads/pool.js`)) as { Pool: { prototype: Pool } }
    engines.watchPool(Pool.prototype)
    const { findNative } = (await import(`${dist}/backends/blas/blas.js`)) as { findNative(): Native | undefined }
    const native = findNative()
    if (native) engines.watchBlas(native)
    return engines
  }

  /** By a clock that is a millisecond later whenever it is read, every instruction takes long enough to be shared. */
  private watchPool(pool: Pool): void {
    const clock = performance.now.bind(performance)
    let time = 0
    const fast = () => ++time
    performance.now = fast
    const run = pool.run
    const engines = this
    pool.run = function (this: Pool, task, parts, patience) {
      let own = 0
      const counted = parts.map((part, i) => () => {
        own++
        part()
        const until = clock() + (i === 0 && this.ready ? WAIT : 0)
        while (clock() < until);
      })
      // Whether a worker has died is a matter of real time.
      performance.now = clock
      try {
        run.call(this, task, counted, patience)
      } finally {
        performance.now = fast
      }
      engines.byWorkers += parts.length - own
    }
  }

  private watchBlas(native: Native): void {
    const open = native.open
    native.open = (memory) => {
      const products = open(memory)
      const counted = (by: 'float32' | 'float64') => {
        const product = products[by]
        return (...args: number[]) => {
          this.byBlas++
          product(...args)
        }
      }
      return { ...products, float32: counted('float32'), float64: counted('float64') }
    }
  }
}
