/** One call of an op: operands (a shape stands for random numbers), the call, and the same by plain loops. */
import type { Tensor } from '../../../src/tensor/index.ts'
import type { Get, Table } from '../reference.ts'

export interface Sample {
  readonly of: readonly (readonly number[] | Tensor)[]
  run(...xs: Tensor[]): unknown
  is(...xs: Get[]): Table | Table[]
}

export const sample = (of: Sample['of'], run: Sample['run'], is: Sample['is']): Sample => ({ of, run, is })
