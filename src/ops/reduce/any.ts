/** Whether some element over axes is not 0. */
import { c, eq, select } from '../../scalar/index.ts'
import { reduce } from '../kinds/reduce.ts'

/**
 * True where some element over the dimensions `dim` (all unless given) is not 0; NaN is not 0. Nothing flows back.
 * @example any(tensor([0, 2])) // true
 */
export const any = reduce({
  name: 'any',
  identity: 0,
  combine: (acc, x) => select(eq(x, c(0)), acc, c(1)),
  dtype: () => 'bool',
  differentiable: false,
})
