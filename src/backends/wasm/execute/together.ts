/**
 * A program on several threads: its levels one after the other. A level that takes long enough is a task in as many
 * parts as there are threads; the main thread does the others alone, and what is JavaScript.
 */
import type { Call } from '../calls.ts'
import type { Heap } from '../memory.ts'
import { type Callees, codeOf } from '../threads/perform.ts'
import { type Pool, poolOf } from '../threads/pool.ts'
import type { Native } from '../threads/worker.ts'
import { compiled, joinKernels, sequence } from './alone.ts'
import { type Load, type Piece, shareOut } from './parts.ts'
import type { KernelWork, Work } from './work.ts'

export interface Shareable {
  readonly heap: Heap
  readonly module: WebAssembly.Module
  readonly imports: readonly string[]
  readonly native: Native | undefined
  readonly works: readonly Work[]
  readonly callees: Callees
  /** The scratch memory of each thread. */
  readonly scratch: readonly number[]
}

export interface Together {
  readonly pool: Pool
  run(): void
  /** Per instruction how to run it alone on all threads, if it is worth that: to time it. */
  singles(): readonly ((() => void) | undefined)[]
  release(): void
}

/** Per instruction, its level and how long it takes on one thread. */
export interface Timing {
  readonly levels: readonly number[]
  readonly seconds: readonly number[]
}

/** What it costs that threads agree on a task and read what others have written. In seconds. */
const AGREEMENT = 2e-6

/** Milliseconds within which workers have usually handled a message. */
const HEARD = 100

/** A level: what only the main thread can do, then what may be shared out. */
interface Phase {
  readonly own: readonly number[]
  readonly rest: readonly number[]
  /** Per thread its pieces of the rest, if that is worth it. */
  readonly pieces: readonly (readonly Piece[])[] | undefined
  /** What the rest takes on one thread. */
  readonly seconds: number
}

/** Undefined where no level takes long enough. */
export function share(given: Shareable, { levels, seconds }: Timing): Together | undefined {
  const { works, scratch, callees } = given
  const phases = phasesOf(works, levels, seconds, scratch.length)
  const shared = phases.filter(({ pieces }) => pieces)
  if (shared.length === 0) return undefined
  const { pool, first, tasks } = addTasks(given, shared)
  const steps: (() => void)[] = []
  let alone: number[] = []
  const flush = () => {
    const between = alone.map((i) => works[i])
    if (between.length > 0) steps.push(joinKernels(between, scratch[0], callees))
    alone = []
  }
  for (const phase of phases) {
    alone.push(...phase.own)
    if (phase.pieces) {
      flush()
      steps.push(tasks[shared.indexOf(phase)])
    } else alone.push(...phase.rest)
  }
  flush()
  const added = [first]
  let singles: (() => void)[] | undefined
  return {
    pool,
    run: sequence(steps),
    singles() {
      singles ??= singlesOf(given, seconds, added)
      // Workers do not take what they have not heard of yet.
      const until = performance.now() + HEARD
      while (!pool.ready && performance.now() < until);
      return singles
    },
    release() {
      for (const first of added.splice(0)) pool.drop(first)
    },
  }
}

function phasesOf(
  works: readonly Work[],
  levels: readonly number[],
  seconds: readonly number[],
  threads: number,
): Phase[] {
  const members: number[][] = []
  for (const [i, level] of levels.entries()) {
    members[level] ??= []
    members[level].push(i)
  }
  return members.map((all) => {
    const own = all.filter((i) => 'run' in works[i])
    const rest = all.filter((i) => !('run' in works[i]))
    const loads = rest.map((index): Load => ({ index, work: works[index] as KernelWork, seconds: seconds[index] }))
    const parts = shareOut(loads, threads)
    const sum = loads.reduce((total, load) => total + load.seconds, 0)
    return { own, rest, pieces: sum - parts.seconds > AGREEMENT ? parts.pieces : undefined, seconds: sum }
  })
}

/** Every instruction as a level of its own. */
function singlesOf(given: Shareable, seconds: readonly number[], added: number[]): (() => void)[] {
  const phases = phasesOf(given.works, [...given.works.keys()], seconds, given.scratch.length)
  const worth = phases.filter(({ pieces }) => pieces)
  const { first, tasks } = addTasks(given, worth)
  added.push(first)
  const singles: (() => void)[] = []
  for (const [i, { rest }] of worth.entries()) singles[rest[0]] = tasks[i]
  return singles
}

interface Tasks {
  readonly pool: Pool
  readonly first: number
  readonly tasks: readonly (() => void)[]
}

function addTasks(
  { heap, module, imports, native, works, callees, scratch }: Shareable,
  phases: readonly Phase[],
): Tasks {
  const callsFor = (pieces: readonly Piece[], at: number): Call[] =>
    pieces.flatMap(({ index, from, to }) => (works[index] as KernelWork).calls(from, to, at))
  const partsOf = scratch.map((at) => phases.map(({ pieces }) => pieces!.map((of) => callsFor(of, at))))
  const pool = poolOf(heap, scratch.length)
  const first = pool.add({ module, imports, native, partsOf: partsOf.map((tasks) => tasks.map((t) => t.map(codeOf))) })
  const tasks = partsOf[0].map((parts, task) => {
    const own = parts.map((calls) => compiled(calls, callees))
    // A part may take a hundred times as long on a machine that is busy.
    const patience = 1e5 * phases[task].seconds
    return () => pool.run(first + task, own, patience)
  })
  return { pool, first, tasks }
}
