/**
 * The workers that share the heap with the main thread. They start when the first program that is worth it runs, fall
 * asleep when a fraction of a millisecond has passed without work, and never keep the process alive. One that dies is
 * replaced; while there is none, the main thread does all the work, so that a run never depends on any of them.
 * `words.ts` tells how they agree.
 */
import { DeviceError } from '../../../errors/index.ts'
import type { Heap } from '../memory.ts'
import { startThread, type Thread } from './start.ts'
import { CONTROL_BYTES, JOIN_ROUNDS, SPINS, WORDS } from './words.ts'
import type { Message, Tasks } from './worker.ts'

/** Workers that keep dying are not replaced for ever. */
const MOST_STARTS = 20

/** Milliseconds that a part may take beyond what its task is given. */
const PATIENCE = 2000

const pools = new Map<number, Pool>()

/** The workers for programs of that many threads, at least two; programs of as many share them. */
export function poolOf(heap: Heap, threads: number): Pool {
  const known = pools.get(threads)
  if (known?.heap === heap) return known
  const made = new Pool(heap, threads)
  // A process that ends stops its threads wherever they are.
  if (pools.size === 0) globalThis.process?.on?.('exit', () => pools.forEach((pool) => void pool.settle()))
  pools.set(threads, made)
  return made
}

/** What workers are told of a program, with the code of each thread: each works in scratch memory of its own. */
export type Work = Omit<Tasks, 'parts' | 'first'> & { readonly partsOf: readonly Tasks['parts'][] }

export class Pool {
  readonly heap: Heap
  readonly threads: number
  private readonly workers: (Thread | undefined)[]
  private readonly posted: number[]
  private readonly programs = new Map<number, Work>()
  private control!: number
  private words!: Int32Array
  private phase = 0
  private tasks = 0
  private starts = 0
  private readonly mayWait = canWait()

  constructor(heap: Heap, threads: number) {
    this.heap = heap
    this.threads = threads
    this.workers = new Array(threads).fill(undefined)
    this.posted = new Array(threads).fill(0)
    this.takeControl()
  }

  /** Makes a program's tasks known to the workers. The result is the number of the first. */
  add(work: Work): number {
    const first = this.tasks
    this.tasks += work.partsOf[0].length
    this.programs.set(first, work)
    this.post((thread) => addition(work, first, thread))
    return first
  }

  drop(first: number): void {
    const work = this.programs.get(first)
    if (!work) return
    this.programs.delete(first)
    this.post(() => ({ drop: work.partsOf[0].map((_, i) => first + i) }))
  }

  /** Starts the workers that there are not. */
  start(): void {
    for (let thread = 1; thread < this.threads; thread++) {
      if (this.workers[thread] || this.starts >= MOST_STARTS) continue
      this.starts++
      const worker: Thread | undefined = startThread(() => {
        if (this.workers[thread] === worker) this.workers[thread] = undefined
      })
      this.workers[thread] = worker
      if (!worker) continue
      this.posted[thread] = 0
      Atomics.store(this.words, WORDS.mail + thread, 0)
      Atomics.store(this.words, WORDS.handled + thread, 0)
      const { control, threads } = this
      this.postTo(thread, { hello: { memory: this.heap.memory, control, thread, threads } })
      for (const [first, work] of this.programs) this.postTo(thread, addition(work, first, thread))
    }
  }

  /** Whether all workers are there and have handled what they were sent. */
  get ready(): boolean {
    for (let thread = 1; thread < this.threads; thread++) {
      if (!this.workers[thread]) return false
      if (Atomics.load(this.words, WORDS.handled + thread) !== this.posted[thread]) return false
    }
    return true
  }

  /**
   * Runs a task: `parts` are the main thread's versions of its parts. A worker that has begun a part may take `patience`
   * milliseconds longer than is usual before it is taken for dead.
   * @throws DeviceError if a worker died in the middle of a part or the part threw; part of the results is missing then.
   */
  run(task: number, parts: readonly (() => void)[], patience: number): void {
    const { words } = this
    const before = this.phase
    const phase = (before + 1) | 0
    this.phase = phase
    Atomics.store(words, WORDS.task, task)
    Atomics.store(words, WORDS.open, phase)
    if (Atomics.load(words, WORDS.parked) !== 0) Atomics.notify(words, WORDS.open)
    let others = 0
    for (let part = 0; part < parts.length; part++) {
      if (Atomics.compareExchange(words, WORDS.claims + part, before, phase) === before) this.own(parts[part])
      else others |= 1 << part
    }
    for (let part = 0; others !== 0; part++, others >>= 1) if (others & 1) this.join(part, phase, patience)
    if (Atomics.load(words, WORDS.failed) !== 0) this.fail('a worker could not do its part')
  }

  /** Ends all workers. Until new ones are there, the main thread does everything. */
  end(): void {
    this.settle()
    for (const worker of this.workers) worker?.end()
    this.workers.fill(undefined)
    // What was told to wait elsewhere must not write into words that are used again.
    this.takeControl()
  }

  /** Waits until no worker is where it must not be stopped; none gets there afterwards. */
  settle(): void {
    const { words } = this
    Atomics.store(words, WORDS.closing, 1)
    const until = performance.now() + PATIENCE
    while (Atomics.load(words, WORDS.opening) > 0 && performance.now() < until);
  }

  private own(part: () => void): void {
    try {
      part()
    } catch (error) {
      // The phase stays open: nobody may go on with it.
      this.end()
      throw error
    }
  }

  private join(part: number, phase: number, patience: number): void {
    const { words } = this
    const at = WORDS.done + part
    for (let i = 0; i < JOIN_ROUNDS * SPINS; i++) if (Atomics.load(words, at) === phase) return
    const until = performance.now() + PATIENCE + patience
    if (this.mayWait) Atomics.store(words, WORDS.joining, 1)
    for (;;) {
      const done = Atomics.load(words, at)
      if (done === phase) break
      if (performance.now() > until) this.fail('a worker died in the middle of a run')
      if (this.mayWait) Atomics.wait(words, at, done, 100)
    }
    Atomics.store(words, WORDS.joining, 0)
  }

  private fail(why: string): never {
    this.end()
    this.start()
    throw new DeviceError(`threads: ${why}, so that its results are incomplete: load the last state, and go on`)
  }

  /** An empty control block: no phase is open, and no part is claimed. */
  private takeControl(): void {
    this.control = this.heap.reserve(CONTROL_BYTES)
    this.words = new Int32Array(this.heap.memory.buffer, this.control, CONTROL_BYTES / 4)
    this.words.fill(0)
    this.phase = 0
  }

  private post(make: (thread: number) => Message): void {
    for (let thread = 1; thread < this.threads; thread++) if (this.workers[thread]) this.postTo(thread, make(thread))
    // Whoever waits for a phase looks for messages as well: one is opened in which every part is claimed already.
    const phase = (this.phase + 1) | 0
    for (let part = 0; part < this.threads; part++) Atomics.store(this.words, WORDS.claims + part, phase)
    this.phase = phase
    Atomics.store(this.words, WORDS.open, phase)
    Atomics.notify(this.words, WORDS.open)
  }

  private postTo(thread: number, message: Message): void {
    this.workers[thread]?.post(message)
    this.posted[thread]++
    Atomics.store(this.words, WORDS.mail + thread, this.posted[thread])
  }
}

const addition = ({ module, imports, native, partsOf }: Work, first: number, thread: number): Message => ({
  add: { first, module, imports, native, parts: partsOf[thread] },
})

/** The main thread of a page may not. */
function canWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0)
    return true
  } catch {
    return false
  }
}
