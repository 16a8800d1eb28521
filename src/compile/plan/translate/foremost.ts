/**
 * A call that fails must leave everything as it was: what may throw, and what it needs, comes before JavaScript that
 * changes something beside its results, and both come before the loops and products that need neither.
 */
import type { ValueId } from '../../graph/graph.ts'
import { outputsOf, readsOf, type Task } from '../task.ts'

/** The tasks in the order that was said; within each part the order stays. */
export function foremost(tasks: readonly Task[]): Task[] {
  const makers = new Map<ValueId, number>()
  for (const [i, task] of tasks.entries()) for (const v of outputsOf(task)) makers.set(v, i)
  const acting = [...tasks.keys()].filter((i) => effectOf(tasks[i]) === 'acts')
  const first = new Set<number>()
  const pending = [...tasks.keys()].filter((i) => effectOf(tasks[i]) === 'throws')
  for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
    if (first.has(i)) continue
    first.add(i)
    const task = tasks[i]
    const needed = [...readsOf(task).map((x) => x.value), ...(task.onto === null ? [] : [task.onto])]
    for (const v of needed) if (makers.has(v)) pending.push(makers.get(v)!)
    // Whoever acts does so after those that acted before it.
    if (effectOf(task) === 'acts') pending.push(...acting.slice(0, acting.indexOf(i)))
  }
  const part = (i: number) => (first.has(i) ? 0 : effectOf(tasks[i]) === 'acts' ? 1 : 2)
  return [0, 1, 2].flatMap((p) => tasks.filter((_, i) => part(i) === p))
}

const effectOf = (task: Task) => (task.is === 'host' ? task.effect : null)
