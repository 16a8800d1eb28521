/**
 * Every op by its name, for those who look at all of them: the explainer, the documentation, the conformance suite. The
 * engine holds the ops themselves and looks nothing up, so that a program that does not import this carries only what
 * it uses.
 */
import * as contractions from './contract/index.ts'
import * as elementwise from './elementwise/index.ts'
import { contraction } from './kinds/contract.ts'
import type { Op } from './kinds/op.ts'
import * as reductions from './reduce/index.ts'
import * as routines from './routine/index.ts'
import * as views from './view/index.ts'
import { slice } from './view/slice.ts'
import { windows } from './view/windows.ts'

const exported: readonly object[] = [
  elementwise,
  views,
  { slice, windows },
  reductions,
  contractions,
  { contraction },
  routines,
]
const isOp = (x: unknown): x is Op => typeof x === 'function' && 'kind' in x && 'infer' in x

/** Folder by folder, in the order of the indices. A function that is made of ops is not one. */
export const registry: ReadonlyMap<string, Op> = new Map(
  exported.flatMap((folder) => Object.values(folder).filter(isOp)).map((op) => [op.name, op]),
)
