/**
 * Computing again instead of keeping. A value that is cheap to make of others that are there anyway, such as a
 * normalised row of its centred one, or attention weights of queries and keys, need not be kept from the forward pass
 * to the backward pass: it is made again right before it is read there, as part of the kernel that reads it if that is a
 * loop. What is kept and when it is read is known from a first plan; the answer is a new list of tasks for a second one.
 */
import { sizeOf } from '../../ops/shape.ts'
import { fold, type Intrinsic } from '../../scalar/index.ts'
import type { ValueId } from '../graph/graph.ts'
import type { Grouped } from './fuse/fuse.ts'
import { type Owned, readersOf, writers } from './memory/ownership.ts'
import { bytesOf } from './memory/regions.ts'
import { isAccess, outputsOf, readsOf, type Task } from './task.ts'
import type { Builder } from './translate/builder.ts'

/** When it is worth it. */
export interface Thrift {
  /** From this much memory for intermediate results on. In bytes. */
  readonly ample: number
  /** Smaller values stay in the caches anyway. In bytes. */
  readonly large: number
  /** A reader is far if so many kernels lie between. */
  readonly far: number
}

export const thrift: Thrift = { ample: 2 ** 26, large: 2 ** 21, far: 16 }

/** An operand is still there if its last reader is no farther away than this. */
const NEAR = 8
/** An operand of a small fraction of the size may be kept for it. */
const FRACTION = 4
/** The effort per element that is worth the memory; and where a loop nearby reads the operands anyway, so that it joins that. */
const EFFORT = 32
const SHARED = 64

const simple: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(['add', 'sub', 'mul', 'div', 'neg', 'abs', 'sign', 'min', 'max', 'eq', 'lt', 'le', 'select', 'sqrt'] as const),
])
/** What an exponential, a logarithm ... takes, in simple operations; and how many terms of a product one is worth. */
const COSTLY = 12
const TERMS = 4

/** What a task that may be repeated takes per element; null for what may not. */
function effortOf(task: Task): number | null {
  if (task.is === 'host' || task.onto !== null) return null
  if (task.is === 'product') return sizeOf(task.summed.sizes) / TERMS
  let effort = 0
  fold(task.formula, (node) => {
    if (node.is === 'call') effort += simple.has(node.fn) ? 1 : COSTLY
  })
  return task.monoid ? null : effort
}

/** `chain` makes the last of its values again for tasks that are known by what they make. */
export interface Again {
  readonly value: ValueId
  readonly chain: readonly Task[]
  readonly readers: ReadonlySet<ValueId>
}

/** What is to be made again, by a first plan of a graph. */
export const toRepeat = (owned: Owned, grouped: Grouped, limits: Thrift): Again[] =>
  new Chooser(owned, grouped, limits).choose()

/** Changes the tasks of `b`, which are fresh from the graph. */
export function recompute(b: Builder, plans: readonly Again[]): void {
  const tasks: Task[] = []
  const position = writers(b.tasks)
  const planOf = new Map(plans.map((plan) => [plan.value, plan]))
  const replaced = new Map<ValueId, ValueId>()
  for (const task of b.tasks) {
    const [made] = outputsOf(task)
    const wanted = new Set(plans.filter(({ readers }) => readers.has(made)).map(({ value }) => value))
    if (wanted.size === 0) {
      tasks.push(task)
      continue
    }
    const after = latest(task, wanted, position)
    for (const value of wanted) ensure(value, after)
    tasks.push(rename(task, new Map([...replaced].filter(([value]) => wanted.has(value)))))
  }
  b.tasks.splice(0, b.tasks.length, ...tasks)

  /** Makes a value again, if that has not been done yet, and before it what it is made of that is not there either. */
  function ensure(value: ValueId, after: ValueId | null): void {
    if (replaced.has(value)) return
    const { chain } = planOf.get(value)!
    const own = new Set(chain.map((task) => outputsOf(task)[0]))
    for (const x of chain.flatMap(readsOf)) if (!own.has(x.value) && planOf.has(x.value)) ensure(x.value, after)
    replaced.set(value, repeat(b, tasks, chain, replaced, after))
  }
}

/** What else the task reads and is made last: a value that is made again only after it stays out of what came before. */
function latest(task: Task, again: ReadonlySet<ValueId>, position: ReadonlyMap<ValueId, number>): ValueId | null {
  const others = readsOf(task).filter((x) => !again.has(x.value) && position.has(x.value))
  return others.reduce<ValueId | null>(
    (best, x) => (best === null || position.get(x.value)! > position.get(best)! ? x.value : best),
    null,
  )
}

/** The tasks of a chain once more. @returns the value of the last one. */
function repeat(
  b: Builder,
  tasks: Task[],
  chain: readonly Task[],
  replaced: ReadonlyMap<ValueId, ValueId>,
  after: ValueId | null,
): ValueId {
  const names = new Map(replaced)
  let value = -1
  for (const task of chain) {
    const [made] = outputsOf(task)
    const { dtype, size } = b.values[made]
    value = b.temporary(dtype, size)
    const again = rename(task, names)
    if (again.is === 'loop') tasks.push({ ...again, after, target: { ...again.target, value } })
    else if (again.is === 'product') tasks.push({ ...again, output: value })
    names.set(made, value)
  }
  return value
}

function rename(task: Task, names: ReadonlyMap<ValueId, ValueId>): Task {
  const named = <T extends { readonly value: ValueId }>(x: T): T => ({ ...x, value: names.get(x.value) ?? x.value })
  if (task.is === 'loop') return { ...task, args: task.args.map((x) => (isAccess(x) ? named(x) : x)) }
  return task.is === 'product' ? { ...task, a: named(task.a), b: named(task.b) } : task
}

class Chooser {
  private readonly owned: Owned
  private readonly needed: ReadonlySet<ValueId>
  private readonly writer: ReadonlyMap<ValueId, number>
  private readonly readers: ReadonlyMap<ValueId, readonly number[]>
  /** Per task its place in the order of kernels. */
  private readonly place: number[] = []
  private readonly gone = new Set<ValueId>()
  private readonly limits: Thrift

  constructor(owned: Owned, { groups, needed }: Grouped, limits: Thrift) {
    this.limits = limits
    this.owned = owned
    this.needed = needed
    this.writer = writers(owned.tasks)
    this.readers = readersOf(owned.tasks)
    for (const [i, { tasks }] of groups.entries()) for (const t of tasks) this.place[t] = i
  }

  choose(): Again[] {
    const { tasks, results, home, values } = this.owned
    const found: Again[] = []
    for (const [t, task] of tasks.entries()) {
      const [value] = outputsOf(task)
      const held = this.needed.has(value) && home[value] === value && !results.includes(value)
      if (!held || bytesOf(values[value]) < this.limits.large) continue
      const far = this.farReaders(value, t)
      if (far.length === 0 || far.some((r) => tasks[r].is === 'host' || tasks[r].onto === value)) continue
      const chain = this.chain(value, Math.min(...far.map((r) => this.place[r])), bytesOf(values[value]))
      if (!chain) continue
      this.gone.add(value)
      found.push({ value, chain, readers: new Set(far.map((r) => outputsOf(tasks[r])[0])) })
    }
    return found
  }

  private farReaders(value: ValueId, maker: number): number[] {
    return (this.readers.get(value) ?? []).filter((r) => this.place[r] > this.place[maker] + this.limits.far)
  }

  /** The tasks that make a value of what is still there at a place in the order; null where that is too much. */
  private chain(value: ValueId, at: number, bytes: number): Task[] | null {
    const chain: Task[] = []
    const pending = [value]
    const { values } = this.owned
    let effort = 0
    for (let v = pending.pop(); v !== undefined; v = pending.pop()) {
      const task = this.owned.tasks[this.writer.get(v) ?? -1]
      const more = task ? effortOf(task) : null
      if (more === null) return null
      if (chain.includes(task)) continue
      chain.push(task)
      effort += (more * values[v].size) / values[value].size
      if (effort > (this.isShared(task, at) ? SHARED : EFFORT)) return null
      for (const x of readsOf(task)) if (!this.isThere(x.value, at, bytes)) pending.push(x.value)
    }
    return chain.sort((p, q) => this.writer.get(outputsOf(p)[0])! - this.writer.get(outputsOf(q)[0])!)
  }

  /** Is there a loop nearby that reads all that the task reads? The gradient of a nonlinear function is one. */
  private isShared(task: Task, at: number): boolean {
    return (
      task.is === 'loop' && readsOf(task).every((x) => this.readers.get(x.value)!.some((r) => this.isLoopNear(r, at)))
    )
  }

  private isLoopNear(t: number, at: number): boolean {
    return this.owned.tasks[t].is === 'loop' && Math.abs(this.place[t] - at) <= NEAR
  }

  /** Is a value there at a place in the order, or made again there for others? */
  private isThere(v: ValueId, at: number, bytes: number): boolean {
    const info = this.owned.values[v]
    if (info.origin.is !== 'node') return true
    const places = this.readers.get(v)!.map((r) => this.place[r])
    if (this.gone.has(v)) return places.some((p) => Math.abs(p - at) <= NEAR)
    if (bytesOf(info) * FRACTION <= bytes) return true
    return this.needed.has(v) && Math.max(...places) >= at - NEAR
  }
}
