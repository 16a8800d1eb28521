/**
 * Running products along the last dimension by doubling: after step k every element holds the product of the 2^k
 * elements that end at it. Only products and shifts, so that all derivatives are right at zeros too.
 */
import { mul } from '../elementwise/mul.ts'
import type { Value } from '../value.ts'
import { pad } from '../view/pad.ts'

/** The elements moved to the right (or, for a negative `by`, to the left) with ones moving in. */
export const shift = <V extends Value>(x: V, by: number): V => pad(x, [by, -by], 1)

/** Element i becomes x[0] · ... · x[i], or x[i] · ... · x[n - 1] for a direction of -1. */
export function runningProduct<V extends Value>(x: V, direction: 1 | -1 = 1): V {
  let product = x
  for (let step = 1; step < (x.shape.at(-1) ?? 0); step *= 2) product = mul(product, shift(product, direction * step))
  return product
}
