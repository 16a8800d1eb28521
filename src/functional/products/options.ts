/** Options of windowed products: a number for all spatial dimensions or one per dimension, checked by name. */
import { ArgumentError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { pad, reshape } from '../../ops/view/index.ts'
import { ranges, slice } from '../../ops/view/slice.ts'
import type { Tensor } from '../../tensor/index.ts'

/** A number for every spatial dimension, or one for each. */
export type PerDimension = number | readonly number[]

/** `n` integers of at least `least`. */
export function perDimension(name: string, option: string, value: PerDimension, n: number, least: number): number[] {
  const list = typeof value === 'number' ? new Array<number>(n).fill(value) : value
  if (!Array.isArray(list) || list.length !== n || list.some((v) => !Number.isInteger(v) || v < least)) {
    const form = n === 1 ? 'an integer' : `an integer or ${n} of them`
    throw new ArgumentError(`${name}: ${option} must be ${form}, at least ${least}, got ${shown(value)}`)
  }
  return list
}

/** Rows or columns before and after each of the last dimensions; negative ones are cropped, without a copy where all are. */
export function border(x: Tensor, before: readonly number[], after: readonly number[], fill = 0): Tensor {
  if ([...before, ...after].every((w) => w === 0)) return x
  if ([...before, ...after].some((w) => w > 0))
    return pad(
      x,
      before
        .map((w, i) => [w, after[i]])
        .reverse()
        .flat(),
      fill,
    )
  const outer = x.shape.length - before.length
  const kept = before.map((w, i) => [outer + i, { start: -w, step: 1, size: x.shape[outer + i] + w + after[i] }])
  return slice(x, ranges(x, Object.fromEntries(kept)))
}

/** The channels of x [..., channels, ...spatial] in groups: [..., groups, channels / groups, ...spatial]. */
export function grouped(x: Tensor, groups: number, dim: number): Tensor {
  return reshape(x, [...x.shape.slice(0, dim), groups, x.shape[dim] / groups, ...x.shape.slice(dim + 1)])
}

/** Groups and the channels in them, the two dimensions from `dim` on, merged again. */
export function ungrouped(x: Tensor, dim: number): Tensor {
  return reshape(x, [...x.shape.slice(0, dim), x.shape[dim] * x.shape[dim + 1], ...x.shape.slice(dim + 2)])
}
