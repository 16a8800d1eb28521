/** What must run before what, and an order in which groups of tasks can run. */
import type { ValueId } from '../../graph/graph.ts'
import type { Owned } from '../memory/ownership.ts'
import { outputsOf, readsOf } from '../task.ts'

/**
 * Per task those that must run before it: who made what it reads, who reads what it overwrites, and, if it changes what
 * outlives the call, who may throw. What acts on JavaScript state keeps its order.
 */
export function predecessors(
  { tasks, values, home, hazards }: Owned,
  writer: ReadonlyMap<ValueId, number>,
): number[][] {
  const preds = tasks.map((task) => {
    const found = new Set<number>()
    for (const x of readsOf(task)) found.add(writer.get(x.value) ?? -1)
    if (task.onto !== null) found.add(writer.get(task.onto) ?? -1)
    if (task.is === 'loop' && task.after !== null) found.add(writer.get(task.after) ?? -1)
    found.delete(-1)
    return found
  })
  for (const { readers, writer: last } of hazards) for (const r of readers) if (r !== last) preds[last].add(r)
  const throwing: number[] = []
  let acted: number | null = null
  for (const [i, task] of tasks.entries()) {
    const effect = task.is === 'host' ? task.effect : 'none'
    const lasting = outputsOf(task).some((v) => home[v] !== v && values[home[v]].origin.is === 'state')
    if (effect === 'acts' || lasting) for (const t of throwing) preds[i].add(t)
    if (effect === 'throws') throwing.push(i)
    if (effect !== 'acts') continue
    if (acted !== null) preds[i].add(acted)
    acted = i
  }
  return preds.map((found) => [...found])
}

/**
 * The groups, given by the name of each task's group, so that each comes after those that it needs. Among those that
 * can run it is always the one whose last task came first in the graph.
 */
export function ordered(names: readonly number[], preds: readonly (readonly number[])[]): number[] {
  const last = new Map<number, number>()
  for (const [t, g] of names.entries()) last.set(g, t)
  const waits = new Map<number, Set<number>>()
  const next = new Map<number, Set<number>>()
  for (const g of last.keys()) {
    waits.set(g, new Set())
    next.set(g, new Set())
  }
  for (const [t, of] of preds.entries()) {
    for (const p of of) {
      if (names[p] === names[t]) continue
      waits.get(names[t])!.add(names[p])
      next.get(names[p])!.add(names[t])
    }
  }
  const ready: number[] = []
  const add = (g: number) => {
    let at = ready.length
    while (at > 0 && last.get(ready[at - 1])! < last.get(g)!) at--
    ready.splice(at, 0, g)
  }
  for (const g of last.keys()) if (waits.get(g)!.size === 0) add(g)
  const order: number[] = []
  for (let g = ready.pop(); g !== undefined; g = ready.pop()) {
    order.push(g)
    for (const after of next.get(g)!) {
      const left = waits.get(after)!
      left.delete(g)
      if (left.size === 0) add(after)
    }
  }
  return order
}
