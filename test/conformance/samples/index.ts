/**
 * Sample calls of the ops that are more than a formula, by the op's name. An op of the registry that has no entry fails
 * the suite.
 */
import { contractions } from './contract.ts'
import { indexed } from './indexed.ts'
import { linalg } from './linalg.ts'
import { reductions } from './reduce.ts'
import type { Sample } from './sample.ts'
import { views } from './view.ts'

export type { Sample } from './sample.ts'

export const samples: Readonly<Record<string, readonly Sample[]>> = {
  ...views,
  ...reductions,
  ...contractions,
  ...linalg,
  ...indexed,
}
