/** Every step-th element of a range, per dimension; a negative step walks backwards. What `at`, `narrow` and `flip` are made of. */
import { type Layout, view } from '../kinds/view.ts'
import type { Attrs, Value } from '../value.ts'

/** One entry per dimension: element i of the result is element start + i * step of the input. */
export interface Ranges extends Attrs {
  readonly start: readonly number[]
  readonly step: readonly number[]
  readonly size: readonly number[]
}

export const sliceLayout = ({ start, step, size }: Ranges, x: Layout): Layout => ({
  shape: size,
  strides: x.strides.map((s, d) => s * step[d]),
  offset: x.strides.reduce((at, s, d) => at + s * start[d], x.offset),
})

export const liftRanges = ({ start, step, size }: Ranges, batch: number): Ranges => ({
  start: [0, ...start],
  step: [1, ...step],
  size: [batch, ...size],
})

/** The ranges are taken as they are: `at`, `narrow` and their like check what a user wrote. */
export const slice = view({
  name: 'slice',
  attrs: (_: Value, ranges: Ranges) => ranges,
  layout: sliceLayout,
  lift: liftRanges,
})

/** Ranges that take all of a shape, with some dimensions replaced. */
export function ranges(
  x: Value,
  replaced: Readonly<Record<number, { start: number; step: number; size: number }>>,
): Ranges {
  const full = x.shape.map((size, d) => replaced[d] ?? { start: 0, step: 1, size })
  return { start: full.map((r) => r.start), step: full.map((r) => r.step), size: full.map((r) => r.size) }
}
