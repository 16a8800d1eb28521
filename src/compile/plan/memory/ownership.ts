/**
 * Whose memory a value lies in. What is written onto another value takes its memory over; the last value of a state is
 * made where the state lies, if all who read the state's first value come before. Where neither will do, copies are
 * put in. What must come before what is kept as hazards: a reader of the old elements before who overwrites them.
 */
import { contiguousStrides } from '../../../ops/shape.ts'
import type { Access, Graph, ValueId, ValueInfo } from '../../graph/graph.ts'
import { outputsOf, readsOf, type Task } from '../task.ts'
import type { Builder } from '../translate/builder.ts'
import { copyTask } from '../translate/loop.ts'

/** Task `writer` overwrites what others have read of `value`. */
export interface Hazard {
  readonly readers: readonly number[]
  readonly writer: number
  readonly value: ValueId
}

export interface Owned {
  readonly values: readonly ValueInfo[]
  readonly tasks: readonly Task[]
  readonly results: readonly ValueId[]
  /** Per value, the one whose memory it shares: itself, what it was written onto, or the first value of a state. */
  readonly home: readonly ValueId[]
  readonly hazards: readonly Hazard[]
}

export function own(graph: Graph, b: Builder): Owned {
  const results = graph.results.map((v) => preserved(graph, b, v))
  const tasks = separated(graph, b, results)
  const finals = settle(graph, b, tasks)
  const writer = writers(tasks)
  const home = b.values.map((_, v) => v)
  const readers = readersOf(tasks)
  const hazards: Hazard[] = []
  for (const [i, task] of tasks.entries()) {
    if (task.onto === null) continue
    home[outputsOf(task)[0]] = task.onto
    hazards.push({ readers: (readers.get(task.onto) ?? []).filter((r) => r !== i), writer: i, value: task.onto })
  }
  const moved = [...home.keys()].filter((v) => home[v] !== v)
  for (const [s, { before }] of graph.states.entries()) {
    const last = finals[s]
    if (last === before || rootOf(home, last) === before) continue
    // What has been written onto the first value lies there as well.
    const there = [before, ...moved.filter((v) => rootOf(home, v) === before)]
    for (const value of there) hazards.push({ readers: readers.get(value) ?? [], writer: writer.get(last)!, value })
    home[last] = before
  }
  return { values: b.values, tasks, results, home: home.map((_, v) => rootOf(home, v)), hazards }
}

function rootOf(home: readonly ValueId[], v: ValueId): ValueId {
  let at = v
  while (home[at] !== at) at = home[at]
  return at
}

const whole = (b: Builder, v: ValueId): Access => {
  const { dtype, size } = b.values[v]
  return { value: v, shape: [size], strides: contiguousStrides([size]), offset: 0, dtype }
}

function copied(b: Builder, v: ValueId): { readonly task: Task; readonly value: ValueId } {
  const value = b.temporary(b.values[v].dtype, b.values[v].size)
  return { task: copyTask(whole(b, v), value), value }
}

/** A result that is the first value of a state which changes is copied before it does. */
function preserved(graph: Graph, b: Builder, v: ValueId): ValueId {
  const changes = graph.states.some(({ before, after }) => before === v && after !== v)
  if (!changes) return v
  const { task, value } = copied(b, v)
  b.tasks.unshift(task)
  return value
}

/** A value that is needed after somebody has written onto it, or that is not ours, is written onto as a copy. */
function separated(graph: Graph, b: Builder, results: readonly ValueId[]): Task[] {
  const last = new Map<ValueId, number>()
  for (const [i, task] of b.tasks.entries()) {
    for (const x of readsOf(task)) last.set(x.value, i)
    if (task.onto !== null) last.set(task.onto, Math.max(i, last.get(task.onto) ?? 0))
  }
  const kept = new Set([...results, ...graph.states.map(({ after }) => after)])
  const owners = stateChains(graph, b.tasks)
  const tasks: Task[] = []
  for (const [i, task] of b.tasks.entries()) {
    const base = task.onto
    if (base === null || task.is !== 'loop') {
      tasks.push(task)
      continue
    }
    const ours = b.values[base].origin.is === 'node' || owners.has(task.target.value)
    const free = ours && last.get(base) === i && !kept.has(base) && replaces(task, base)
    const copy = free ? null : copied(b, base)
    if (copy) tasks.push(copy.task)
    tasks.push(copy ? { ...task, onto: copy.value } : task)
  }
  return tasks
}

/** Does the task, where it reads a value at all, read at each point just the place that it writes? */
function replaces(task: Task, value: ValueId): boolean {
  if (task.is === 'host') return !task.apart.includes(value)
  if (task.is === 'product') return readsOf(task).every((x) => x.value !== value)
  const { strides, offset } = task.target
  return readsOf(task).every(
    (x) =>
      x.value !== value || (x.offset === offset && x.strides.every((s, d) => task.shape[d] === 1 || s === strides[d])),
  )
}

/** The values written onto the first value of a state, one on another, up to its last; and that first value. */
function stateChains(graph: Graph, tasks: readonly Task[]): Map<ValueId, ValueId> {
  const below = new Map<ValueId, ValueId>()
  for (const task of tasks) if (task.onto !== null) below.set(outputsOf(task)[0], task.onto)
  const found = new Map<ValueId, ValueId>()
  for (const { before, after } of graph.states) {
    const chain: ValueId[] = []
    let at: ValueId | undefined = after
    for (; at !== undefined && at !== before; at = below.get(at)) chain.push(at)
    if (at === before) for (const v of chain) found.set(v, before)
  }
  return found
}

/** The last value of each state as one that can be made where the state lies. */
function settle(graph: Graph, b: Builder, tasks: Task[]): ValueId[] {
  const chains = stateChains(graph, tasks)
  const made = writers(tasks)
  const taken = new Set<ValueId>()
  const direct = graph.states.map(({ before, after }) => {
    if (after === before || chains.get(after) === before) return after
    const onto = made.has(after) && tasks[made.get(after)!].onto !== null
    if (made.has(after) && !onto && !taken.has(after)) {
      taken.add(after)
      return after
    }
    const { task, value } = copied(b, after)
    made.set(value, tasks.push(task) - 1)
    return value
  })
  const readers = readersOf(tasks)
  return graph.states.map(({ before }, s) => {
    const value = direct[s]
    if (value === before || chains.get(value) === before) return value
    const at = made.get(value)!
    const late = (readers.get(before) ?? []).some((r) => r > at)
    if (!late && replaces(tasks[at], before)) return value
    const copy = copied(b, value)
    tasks.push(copy.task)
    return copy.value
  })
}

export function writers(tasks: readonly Task[]): Map<ValueId, number> {
  const made = new Map<ValueId, number>()
  for (const [i, task] of tasks.entries()) for (const v of outputsOf(task)) made.set(v, i)
  return made
}

/** Per value, who reads it, those included who write onto it. */
export function readersOf(tasks: readonly Task[]): Map<ValueId, number[]> {
  const readers = new Map<ValueId, number[]>()
  const note = (v: ValueId, i: number) => {
    const known = readers.get(v)
    if (!known) readers.set(v, [i])
    else if (known.at(-1) !== i) known.push(i)
  }
  for (const [i, task] of tasks.entries()) {
    for (const x of readsOf(task)) note(x.value, i)
    if (task.onto !== null) note(task.onto, i)
  }
  return readers
}
