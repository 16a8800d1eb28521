/**
 * The largest element over axes as a constant: what stable forms subtract or divide by before they exponentiate or
 * square. Their value does not depend on it, so that no derivative needs to flow through it.
 */
import { max } from '../../scalar/index.ts'
import { reduce } from '../kinds/reduce.ts'

/** As `amax`, but nothing flows back. @example peak(tensor([3, 1])) // 3 */
export const peak = reduce({ name: 'peak', combine: max, differentiable: false })
