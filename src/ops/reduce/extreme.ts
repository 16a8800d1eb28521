/** What amax and amin share: their slope is divided evenly among the elements that reach the extreme value. */
import { c, eq, select } from '../../scalar/index.ts'
import { div } from '../elementwise/div.ts'
import { where } from '../elementwise/where.ts'
import { elementwise } from '../kinds/elementwise.ts'
import type { ReduceRule } from '../kinds/reduce.ts'
import type { Value } from '../value.ts'
import { sum } from './sum.ts'

/** True where x is the extreme value y of its row: y itself or, where there is a NaN, every NaN. */
export const attains = elementwise({
  name: 'attains',
  args: ['x', 'y'],
  dtype: 'bool',
  formula: ({ x, y }) => select(eq(x, y), c(1), eq(eq(x, x), c(0))),
})

export function sharePullback({ x, y, axes, g }: ReduceRule & { readonly g: Value }): Value {
  const mask: Value = attains(x, y)
  return where(mask, div(g, sum(mask, axes, { keepdim: true })), 0)
}

export function sharePushforward({ x, y, axes, t }: ReduceRule & { readonly t: Value }): Value {
  const mask: Value = attains(x, y)
  return div(sum(where(mask, t, 0), axes, { keepdim: true }), sum(mask, axes, { keepdim: true }))
}
