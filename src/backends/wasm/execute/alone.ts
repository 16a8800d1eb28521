/** A program on the main thread alone: one function, with host instructions between the kernels. */
import type { Call } from '../calls.ts'
import { build, type Callees, codeOf, perform } from '../threads/perform.ts'
import type { Work } from './work.ts'

export const compiled = (calls: readonly Call[], callees: Callees): (() => void) =>
  build(codeOf(calls), callees, perform)

/** The calls of all units. */
export const callsOf = (work: Work, scratch: number): Call[] =>
  'run' in work || work.units === 0 ? [] : work.calls(0, work.units, scratch)

/** One function after the other. */
export function sequence(functions: readonly (() => void)[]): () => void {
  if (functions.length === 1) return functions[0]
  return () => {
    for (let i = 0; i < functions.length; i++) functions[i]()
  }
}

/** All of it, one after the other: kernels that follow each other are one function. */
export function joinKernels(works: readonly Work[], scratch: number, callees: Callees): () => void {
  const functions: (() => void)[] = []
  let calls: Call[] = []
  const flush = () => {
    if (calls.length > 0) functions.push(compiled(calls, callees))
    calls = []
  }
  for (const work of works) {
    if ('run' in work) {
      flush()
      functions.push(work.run)
    } else calls.push(...callsOf(work, scratch))
  }
  flush()
  return sequence(functions)
}
