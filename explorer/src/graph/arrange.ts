/**
 * Asks a worker where things stand, once per structure and open parts. It has a deadline, and the reader may be tired of
 * waiting earlier; both lead to a plain grid in the order of computation, in which everything can still be used.
 */
import { grid } from './grid.ts'
import type { Order, Placed } from './placed.ts'
import { sized } from './sizes.ts'
import type { Structure } from './structure.ts'
import { visibleOf } from './visible.ts'

const DEADLINE = 10_000

interface Arrangement {
  readonly placed: Promise<Placed>
  /** Ends the wait with a grid. */
  cancel(): void
}

let idle: Worker | null = null
const made = new WeakMap<Structure, Map<string, Placed>>()

export function arrange(order: Order): Arrangement {
  const { structure, open } = order
  const key = JSON.stringify(open)
  const before = made.get(structure)?.get(key)
  if (before) return { placed: Promise.resolve(before), cancel: () => {} }
  const { placed, cancel } = asked(order)
  void placed.then((done) => {
    if (done.problem !== null) return
    const known = made.get(structure) ?? new Map<string, Placed>()
    made.set(structure, known.set(key, done))
  })
  return { placed, cancel }
}

function asked(order: Order): Arrangement {
  const worker = idle ?? new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  idle = null
  let settle!: (placed: Placed) => void
  const placed = new Promise<Placed>((resolve) => {
    settle = resolve
  })
  const giveUp = (problem: string) => {
    clearTimeout(late)
    worker.terminate()
    settle(inGrid(order, problem))
  }
  const late = setTimeout(() => giveUp(`the layout took longer than ${DEADLINE / 1000} s`), DEADLINE)
  worker.onmessage = ({ data }: MessageEvent<{ placed?: Placed; error?: string }>) => {
    clearTimeout(late)
    if (idle) worker.terminate()
    else idle = worker
    settle(data.placed ?? inGrid(order, data.error ?? 'the layout failed'))
  }
  worker.onerror = () => giveUp('the layout worker could not be started')
  worker.postMessage(order)
  return { placed, cancel: () => giveUp('the layout was cancelled') }
}

function inGrid({ structure, open }: Order, problem: string): Placed {
  const visible = visibleOf(structure, open)
  return { visible, layout: grid(sized(visible.picture, 'right').graph), way: 'right', problem }
}
