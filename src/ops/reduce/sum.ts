import { add } from '../../scalar/index.ts'
import { isFloating } from '../dtype.ts'
import { reduce } from '../kinds/reduce.ts'
import { expand } from '../view/expand.ts'

/**
 * The sum over some dimensions or all. Integers and flags add up to int32.
 * @example sum(tensor([[1, 2], [3, 4]]), 0) // [4, 6]
 */
export const sum = reduce({
  name: 'sum',
  identity: 0,
  combine: add,
  dtype: (d) => (isFloating(d) ? d : 'int32'),
  pullback: ({ x, g }) => expand(g, x.shape),
  pushforward: ({ t, axes }) => sum(t, axes, { keepdim: true }),
})
