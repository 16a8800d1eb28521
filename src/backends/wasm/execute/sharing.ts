/**
 * How a program comes to be shared among threads. Its first runs are timed instruction by instruction; what takes long
 * enough is divided; when the workers have come up, one thread and several are compared, again and again. Engines
 * compile what is short only after many runs, so that after a while all is timed and divided once more.
 */
import { DeviceError } from '../../../errors/index.ts'
import type { Native } from '../../blas/library.ts'
import type { Program } from '../../kernels.ts'
import type { Heap } from '../memory.ts'
import { perform } from '../threads/perform.ts'
import { callsOf } from './alone.ts'
import { Chooser } from './choose.ts'
import { levelsOf } from './levels.ts'
import { Reservation } from './place.ts'
import { type Shareable, share, type Together } from './together.ts'

/** Programs in which nothing takes so long are not timed. In seconds. */
const WORTH_SHARING = 8e-6

/**
 * Of the first runs the fastest counts: engines compile what has run a few times once more, and a machine may be busy.
 * So many are timed, fewer if they take so many milliseconds, but some in any case.
 */
const TIMED_RUNS = 24
const TIMED_RUNS_LEAST = 4
const TIMED_MILLISECONDS = 4

/** What must be given back when a program is not needed any more. */
export class Resources {
  readonly reservation: Reservation
  together: Together | undefined

  constructor(heap: Heap) {
    this.reservation = new Reservation(heap)
  }

  release(kept?: ReadonlySet<number>): void {
    this.together?.release()
    this.together = undefined
    this.reservation.release(kept)
  }
}

export interface Prepared {
  readonly program: Program
  readonly addresses: readonly number[]
  readonly threads: number
  readonly shareable: Shareable
  /** What each thread needs. */
  readonly scratchBytes: number
  readonly resources: Resources
  /** The BLAS that computes products, if it does any. */
  readonly library: Native | undefined
}

/** One instruction on the main thread. */
export function single({ works, callees, scratch }: Shareable, index: number): () => void {
  const work = works[index]
  if ('run' in work) return work.run
  const calls = callsOf(work, scratch[0])
  return () => perform(calls, callees)
}

/** Runs a program by one thread or by several. */
export class Sharing {
  private readonly prepared: Prepared
  private readonly alone: () => void
  private step: () => void
  private chooser: Chooser | undefined
  private scratch: readonly number[] | undefined
  private isFirst = true

  /** `alone` runs it on the main thread. */
  constructor(prepared: Prepared, alone: () => void) {
    this.prepared = prepared
    this.alone = alone
    this.step = prepared.threads > 1 && mayBeWorth(prepared.program) ? this.timed() : alone
  }

  run(): void {
    this.step()
  }

  /** What runs are shared by at present, if they are. */
  get together(): Together | undefined {
    return this.chooser?.together ? this.prepared.resources.together : undefined
  }

  /** Runs that measure what takes long enough to be shared. */
  private timed(): () => void {
    const { shareable } = this.prepared
    const functions = shareable.works.map((_, i) => single(shareable, i))
    const fastest = functions.map(() => Infinity)
    let [count, elapsed] = [0, 0]
    return () => {
      let last = performance.now()
      for (let i = 0; i < functions.length; i++) {
        functions[i]()
        const now = performance.now()
        fastest[i] = Math.min(fastest[i], (now - last) / 1000)
        elapsed += now - last
        last = now
      }
      const enough = elapsed > TIMED_MILLISECONDS ? TIMED_RUNS_LEAST : TIMED_RUNS
      if (++count >= enough) this.step = this.shared(fastest)
    }
  }

  private shared(seconds: readonly number[]): () => void {
    const { alone } = this
    const { resources } = this.prepared
    resources.together?.release()
    const together = this.divided(seconds)
    resources.together = together
    this.chooser = undefined
    if (!together) return alone
    together.pool.start()
    return () => {
      if (together.pool.ready) this.step = this.compared(together)
      alone()
    }
  }

  private compared({ pool, run }: Together): () => void {
    const chooser = new Chooser(this.alone, run)
    this.chooser = chooser
    let comparisons = 0
    return () => {
      if (chooser.compares) {
        if (++comparisons === 2 && this.isFirst) {
          this.isFirst = false
          this.step = this.timed()
          return this.step()
        }
        // One that has died since is replaced.
        pool.start()
      }
      chooser.run()
    }
  }

  private divided(seconds: readonly number[]): Together | undefined {
    const { program, addresses, resources, scratchBytes, shareable } = this.prepared
    const levels = levelsOf(program, addresses)
    try {
      this.scratch ??= [
        ...shareable.scratch,
        ...Array.from({ length: this.prepared.threads - 1 }, () => resources.reservation.reserve(scratchBytes)),
      ]
      return share({ ...shareable, scratch: this.scratch }, { levels, seconds })
    } catch (error) {
      // The heap has no room for what other threads need: this one does without.
      if (error instanceof DeviceError) return undefined
      throw error
    }
  }
}

/** Whether any instruction could take long enough on a machine as slow as a billion operations or bytes in a second. */
const mayBeWorth = ({ instructions }: Program): boolean =>
  instructions.some(({ flops, bytes }) => Math.max(flops, bytes) * 1e-9 > WORTH_SHARING)
