/**
 * Fusion: loops that can be walked together become one. Every task starts as a group of its own; in the order of the
 * graph each joins the groups that made its operands, nearest first, then those that read the same. Groups join only
 * if nothing outside comes after one and before the other, and as long as the kernel stays of a size that code can be
 * made of.
 */
import type { ValueId } from '../../graph/graph.ts'
import { type Owned, readersOf, writers } from '../memory/ownership.ts'
import { isAccess, type LoopTask, outputsOf, readsOf, type Task } from '../task.ts'
import { type Group, Matcher, over } from './match.ts'
import { ordered, predecessors } from './order.ts'
import { Reach } from './reach.ts'
import { callsOf } from './size.ts'
import { spaceOf } from './space.ts'

/** Bounds of one kernel. */
const STREAMS = 24
const CALLS = 200

export interface Grouped {
  /** In an order in which they can run. */
  readonly groups: readonly Group[]
  /** Values that some other group reads, or that outlive the call. */
  readonly needed: ReadonlySet<ValueId>
}

export function fuse(owned: Owned, finals: ReadonlySet<ValueId>): Grouped {
  const fusion = new Fusion(owned, finals)
  fusion.alongOperands()
  fusion.alongReaders()
  return fusion.grouped()
}

class Fusion {
  private readonly tasks: readonly Task[]
  private readonly finals: ReadonlySet<ValueId>
  private readonly loops: readonly (LoopTask | null)[]
  private readonly preds: readonly (readonly number[])[]
  private readonly writer: ReadonlyMap<ValueId, number>
  private readonly readers: ReadonlyMap<ValueId, readonly number[]>
  private readonly hazardsOf: ReadonlyMap<number, readonly Owned['hazards'][number][]>
  private readonly reach: Reach
  private readonly groups: Group[]
  private readonly calls: number[]
  private readonly matcher: Matcher

  constructor(owned: Owned, finals: ReadonlySet<ValueId>) {
    const { tasks, hazards } = owned
    this.tasks = tasks
    this.finals = finals
    this.loops = tasks.map((task) => (task.is === 'loop' ? task : null))
    this.writer = writers(tasks)
    this.readers = readersOf(tasks)
    this.preds = predecessors(owned, this.writer)
    this.reach = new Reach(this.preds)
    this.matcher = new Matcher(this.loops, this.writer)
    this.groups = tasks.map((task, i) => ({
      tasks: [i],
      space: task.is === 'loop' ? spaceOf(task.shape, task.folded) : { sizes: [], inner: [] },
      rows: new Set(),
    }))
    this.calls = this.loops.map((task) => (task ? callsOf(task.formula) + (task.monoid ? 1 : 0) : 0))
    const of = new Map<number, Owned['hazards'][number][]>()
    for (const h of hazards) of.set(h.writer, [...(of.get(h.writer) ?? []), h])
    this.hazardsOf = of
  }

  alongOperands(): void {
    for (const [i, task] of this.tasks.entries()) {
      if (task.is !== 'loop') continue
      const makers = readsOf(task).map((x) => this.writer.get(x.value) ?? -1)
      for (const p of [...new Set(makers)].sort((a, b) => b - a)) if (p >= 0) this.merge(p, i)
    }
  }

  /** Readers of the same elements: they are loaded once for all of them. */
  alongReaders(): void {
    for (const [value, readers] of this.readers) {
      const loops = readers.filter((r) => this.loops[r] && this.readsMany(r, value))
      for (let i = 1; i < loops.length; i++) this.merge(loops[i - 1], loops[i], value)
    }
  }

  private readsMany(t: number, value: ValueId): boolean {
    return this.loops[t]!.args.some(
      (x) => isAccess(x) && x.value === value && x.strides.some((s, d) => s !== 0 && x.shape[d] > 1),
    )
  }

  /** Joins the groups of two tasks where that is possible; for the sake of a value, where both read the same of it. */
  private merge(s: number, t: number, shared?: ValueId): void {
    const [a, b] = [this.reach.find(s), this.reach.find(t)]
    if (a === b || this.loops[s]?.precision !== this.loops[t]?.precision || !this.loops[s]) return
    const [from, to] = [this.loops[s]!.scope, this.loops[t]!.scope]
    if (from !== to && (to !== 0 || shared !== undefined)) return
    if (this.isBetween(a, b) || this.isBetween(b, a)) return
    const group = this.matcher.join(this.groups[a], this.groups[b])
    if (!group || !this.isSmall(group) || !this.isSafe(group)) return
    if (shared !== undefined && !this.matcher.readAlike(group, s, t, shared)) return
    this.reach.merge(a, b)
    this.groups[a] = group
  }

  /** Is there a group after a and before b? */
  private isBetween(a: number, b: number): boolean {
    for (const t of this.groups[b].tasks) {
      for (const p of this.preds[t]) {
        const x = this.reach.find(p)
        if (x !== a && x !== b && this.reach.isBefore(a, x)) return true
      }
    }
    return false
  }

  private isSmall(group: Group): boolean {
    let [calls, most] = [0, 0]
    for (const t of group.tasks) {
      calls += this.calls[t]
      most += this.loops[t]!.args.length + 1
    }
    if (calls > CALLS || most <= STREAMS) return calls <= CALLS
    const own = new Set(group.tasks)
    const streams = new Set<string>()
    for (const t of group.tasks) {
      const task = this.loops[t]!
      for (const x of task.args) {
        if (isAccess(x) && !own.has(this.writer.get(x.value) ?? -1)) {
          streams.add(`${x.value}:${x.offset}:${over(group, t, x.shape, x.strides)}`)
        }
      }
      if (this.isNeeded(task.target.value, own)) streams.add(`w${t}`)
    }
    return streams.size <= STREAMS
  }

  private isNeeded(value: ValueId, own: ReadonlySet<number>): boolean {
    return this.finals.has(value) || (this.readers.get(value) ?? []).some((r) => !own.has(r))
  }

  /** Whoever overwrites what others of the group read does so place by place, just where they read. */
  private isSafe(group: Group): boolean {
    const own = new Set(group.tasks)
    for (const t of group.tasks) {
      for (const { readers, value } of this.hazardsOf.get(t) ?? []) {
        if (readers.some((r) => own.has(r) && !this.readsInPlace(group, r, t, value))) return false
      }
    }
    return true
  }

  private readsInPlace(group: Group, reader: number, writer: number, value: ValueId): boolean {
    const { target, shape, onto } = this.loops[writer]!
    if (onto !== null) return reader === writer
    const left = over(group, writer, shape, target.strides)
    return this.loops[reader]!.args.every((x) => {
      if (!isAccess(x) || x.value !== value) return true
      return x.offset === target.offset && over(group, reader, x.shape, x.strides).every((s, d) => s === left[d])
    })
  }

  grouped(): Grouped {
    const names = this.tasks.map((_, i) => this.reach.find(i))
    const groups = ordered(names, this.preds).map((g) => this.groups[g])
    const needed = new Set<ValueId>()
    for (const group of groups) {
      const own = new Set(group.tasks)
      for (const t of group.tasks) for (const v of outputsOf(this.tasks[t])) if (this.isNeeded(v, own)) needed.add(v)
    }
    return { groups, needed }
  }
}
