/** What the suite has to know of a backend. */
import type { Op } from '../../src/ops/kinds/op.ts'

export interface Backend {
  readonly name: string
  /** How many units in the last place an elementwise result may be off the scalar formula. */
  readonly ulp: number
  /** The same for float64 results, where it is more: a rounding in the last place may be magnified by the formula. */
  readonly float64Ulp?: number
  /** Called before the first test: makes this backend the one that runs ops. */
  start?(): void
  /** What this backend lacks, by name: every gap has a reason, and what is not listed must work. */
  readonly gaps: readonly { readonly reason: string; readonly ops: readonly string[] }[]
}

export const gapOf = (backend: Backend, op: Op): string | undefined =>
  backend.gaps.find(({ ops }) => ops.includes(op.name))?.reason
