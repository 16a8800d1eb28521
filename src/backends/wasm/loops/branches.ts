/**
 * What only one branch of a `select` needs, and what is expensive, is computed where a lane takes that branch: of a
 * tanh's slope the tail, which costs an exponential, is rarely looked at.
 */
import type { Step } from '../../../scalar/index.ts'
import { isCheap } from '../merge.ts'

/** The steps, in order, of which the last is the operand of a select at this place. */
export interface Branch {
  readonly place: 1 | 2
  readonly steps: readonly number[]
}

export interface Branches {
  /** By select. */
  readonly of: ReadonlyMap<number, Branch>
  /** All steps of all branches. */
  readonly steps: ReadonlySet<number>
}

/** @param isFree whether a step may be computed at its select: it varies from point to point, and nothing else reads it. */
export function branchesOf(steps: readonly Step[], isFree: (step: number) => boolean): Branches {
  const readers = steps.map((): number[] => [])
  for (const [i, step] of steps.entries()) if (step.is === 'call') for (const k of step.of) readers[k].push(i)
  const of = new Map<number, Branch>()
  const all = new Set<number>()
  for (const [i, step] of steps.entries()) {
    if (step.is !== 'call' || step.fn !== 'select') continue
    for (const place of [1, 2] as const) {
      // What a select within the branch has to itself is computed there.
      const own = ownedBy(i, step.of[place], steps, readers, isFree).filter((k) => !all.has(k))
      if (of.has(i) || !own.some((k) => isExpensive(steps[k]))) continue
      of.set(i, { place, steps: own })
      for (const k of own) all.add(k)
    }
  }
  return { of, steps: all }
}

const isExpensive = (step: Step): boolean => step.is === 'call' && !isCheap(step.fn)

/** Calls that nothing but this operand of the select is made of. */
function ownedBy(
  select: number,
  operand: number,
  steps: readonly Step[],
  readers: readonly (readonly number[])[],
  isFree: (step: number) => boolean,
): number[] {
  const owned = new Set<number>()
  for (let i = operand; i >= 0; i--) {
    const mine =
      i === operand ? readers[i].length === 1 && readers[i][0] === select : readers[i].every((k) => owned.has(k))
    if (mine && readers[i].length > 0 && steps[i].is === 'call' && isFree(i)) owned.add(i)
    else if (i === operand) return []
  }
  return [...owned].reverse()
}
