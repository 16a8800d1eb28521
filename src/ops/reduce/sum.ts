/** The sum over axes. Integers and flags add up to int32. */
import { add } from '../../scalar/index.ts'
import { isFloating } from '../dtype.ts'
import { reduce } from '../kinds/reduce.ts'
import { expand } from '../view/expand.ts'

export const sum = reduce({
  name: 'sum',
  identity: 0,
  combine: add,
  dtype: (d) => (isFloating(d) ? d : 'int32'),
  pullback: ({ x, g }) => expand(g, x.shape),
  pushforward: ({ t, axes }) => sum(t, axes, { keepdim: true }),
})
