/** Modules under the check: in float64, and put back as they were, statistics and mode included. */
import { flatten } from '../../autodiff/tree.ts'
import type { Subject } from './subjects.ts'

/** Makes a module ready; what is returned undoes what the check does to it, its dtype apart. */
export function settle({ module }: Subject): () => void {
  if (!module) return () => {}
  module.to('float64')
  const state = module.stateDict()
  const modes = module.modules().map((part) => ({ part, training: part.training }))
  return () => {
    module.loadStateDict(state)
    for (const { part, training } of modes) part.training = training
  }
}

/**
 * A module that gives other results at each call while it trains, as dropout does, is put into evaluation mode.
 * @returns whether it was.
 */
export function calm({ module, call }: Subject, values: readonly unknown[]): boolean {
  if (!module?.modules().some(({ training }) => training)) return false
  const [first, second] = [numbers(call(...values)), numbers(call(...values))]
  if (first.length === second.length && first.every((v, i) => Object.is(v, second[i]))) return false
  module.eval()
  return true
}

const numbers = (returned: unknown): number[] => flatten(returned).leaves.flatMap(({ data }) => [...data] as number[])
