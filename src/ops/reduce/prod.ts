/** The product over axes. Integers and flags multiply to int32; no elements at all give 1. */
import { mul as times } from '../../scalar/index.ts'
import { isFloating } from '../dtype.ts'
import { mul } from '../elementwise/mul.ts'
import { reduce } from '../kinds/reduce.ts'
import type { Value } from '../value.ts'
import { permute } from '../view/permute.ts'
import { reshape } from '../view/reshape.ts'
import { runningProduct, shift } from './scan.ts'
import { sum } from './sum.ts'

/**
 * Π x over the dimensions `dim` (all unless given). The derivative by one element is the product of the others, right
 * at zeros too, in every order.
 * @example prod(tensor([2, 3, 4])) // 24
 */
export const prod = reduce({
  name: 'prod',
  identity: 1,
  combine: times,
  dtype: (d) => (isFloating(d) ? d : 'int32'),
  readsInput: true,
  pullback: ({ x, g, axes }) => mul(g, others(x, axes)),
  pushforward: ({ x, t, axes }) => sum(mul(t, others(x, axes)), axes, { keepdim: true }),
})

/**
 * For every element the product of the others: what stands to the left of it times what stands to the right. A product
 * divided by the element would be 0/0 at a zero.
 */
function others(x: Value, axes: readonly number[]): Value {
  const kept = x.shape.map((_, d) => d).filter((d) => !axes.includes(d))
  const order = [...kept, ...axes]
  const moved = permute(x, order)
  const row = axes.reduce((n, d) => n * x.shape[d], 1)
  if (row === 0) return x
  const flat = reshape(moved, [...kept.map((d) => x.shape[d]), row])
  const [left, right] = ([1, -1] as const).map((direction) => runningProduct(shift(flat, direction), direction))
  return permute(
    reshape(mul(left, right), moved.shape),
    order.map((_, d) => order.indexOf(d)),
  )
}
