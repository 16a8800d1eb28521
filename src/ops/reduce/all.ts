/** Whether no element over axes is 0. */
import { c, eq, select } from '../../scalar/index.ts'
import { reduce } from '../kinds/reduce.ts'

/**
 * True where no element over the dimensions `dim` (all unless given) is 0; NaN is not 0. Nothing flows back.
 * @example all(tensor([0, 2])) // false
 */
export const all = reduce({
  name: 'all',
  identity: 1,
  combine: (acc, x) => select(eq(x, c(0)), c(0), acc),
  dtype: () => 'bool',
  differentiable: false,
})
