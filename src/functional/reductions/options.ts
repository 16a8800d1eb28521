/** Options and axes as the reductions take them: `f(x, dim?, { keepdim, ... })`, or all of them by name in the place of dim. */
import { requireFloating } from '../../ops/dtype.ts'
import { normalizeAxes } from '../../ops/shape.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'

export { type Dims, dimAndOptions, type ReduceOptions as KeepdimOptions, type WithDim } from '../../ops/kinds/reduce.ts'

export function requireFloat(name: string, x: Tensor): void {
  requireTensor(name, x)
  requireFloating(name, x.dtype)
}

/** How many elements are reduced to one. */
export const countOf = (name: string, x: Tensor, dim: number | readonly number[] | null | undefined): number =>
  normalizeAxes(name, dim, x.shape.length).reduce((n, d) => n * x.shape[d], 1)
