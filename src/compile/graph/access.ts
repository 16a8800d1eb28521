/**
 * Arithmetic of accesses: a view of a view as one view. What a reader addresses is the number of an element; written in
 * the digits of the inner view's sizes it becomes an index of that view, and where no digit ever carries, the step from
 * one index to the next is the same everywhere and the two views are one.
 */
import { collapse } from '../../backends/js/layout.ts'
import type { Layout } from '../../ops/kinds/view.ts'
import { contiguousStrides, isContiguous, sizeOf } from '../../ops/shape.ts'
import type { DType, Shape, Spec } from '../../ops/value.ts'
import type { Access, ValueId } from './graph.ts'

/** All of a value, in row-major order. */
export const dense = (value: ValueId, { shape, dtype }: Spec): Access => ({
  value,
  shape,
  strides: contiguousStrides(shape),
  offset: 0,
  dtype,
})

/** Does the view run through a whole value of `size` elements in order? */
export const isWhole = ({ shape, strides, offset }: Layout, size: number): boolean =>
  offset === 0 && sizeOf(shape) === size && isContiguous(shape, strides)

/** The one element of a value, repeated. */
export const repeated = (value: ValueId, shape: Shape, dtype: DType): Access => ({
  value,
  shape,
  strides: shape.map(() => 0),
  offset: 0,
  dtype,
})

/** The view broadcast to a larger shape. */
export function expandTo(x: Access, shape: Shape): Access {
  const added = shape.length - x.shape.length
  const strides = shape.map((n, i) => (i < added || (x.shape[i - added] === 1 && n !== 1) ? 0 : x.strides[i - added]))
  return { ...x, shape, strides }
}

/** Equal for views that read the same elements in the same shape. */
export const accessKey = ({ value, shape, strides, offset, dtype }: Access): string =>
  `${value}:${dtype}:${shape}:${strides.map((s, i) => (shape[i] === 1 ? 0 : s))}:${offset}`

/** Which elements of an array of `sizes` a view touches: the smallest box around them, and per dimension its steps. */
export interface Box {
  readonly low: readonly number[]
  readonly high: readonly number[]
  /** The digits of the first element. */
  readonly start: readonly number[]
  /** Per dimension of the view, its stride in digits. */
  readonly steps: readonly (readonly number[])[]
}

/** Null where a digit would carry, so that the view is not linear in the indices of the array. */
export function boxOf({ shape, strides, offset }: Layout, sizes: Shape): Box | null {
  const start = digitsOf(offset, sizes)
  const [low, high] = [[...start], [...start]]
  const steps = shape.map((n, j) => (n === 1 ? sizes.map(() => 0) : digitsOf(strides[j], sizes)))
  for (let j = 0; j < shape.length; j++) {
    for (let k = 0; k < sizes.length; k++) {
      const reach = (shape[j] - 1) * steps[j][k]
      if (reach < 0) low[k] += reach
      else high[k] += reach
    }
  }
  return low.some((n) => n < 0) || high.some((n, k) => n >= sizes[k]) ? null : { low, high, start, steps }
}

/** A number of elements as an index step of an array of `sizes`; what is too large stays in the first digit. */
function digitsOf(n: number, sizes: Shape): number[] {
  const digits = new Array<number>(sizes.length).fill(0)
  let rest = Math.abs(n)
  for (let k = sizes.length - 1; k >= 0 && rest > 0; k--) {
    const digit = k === 0 ? rest : rest % sizes[k]
    digits[k] = n < 0 ? -digit : digit
    rest = (rest - digit) / sizes[k]
  }
  return digits
}

/** Do the two views of an array of `sizes` surely touch different elements? */
export function areDisjoint(a: Layout, b: Layout, sizes: Shape): boolean {
  const [p, q] = [boxOf(a, sizes), boxOf(b, sizes)]
  return p !== null && q !== null && sizes.some((_, k) => p.high[k] < q.low[k] || q.high[k] < p.low[k])
}

/** Does every index of the view surely lead to an element of its own? */
export function isInjective({ shape, strides }: Layout): boolean {
  const dims = shape.map((n, d) => ({ n, step: Math.abs(strides[d]) })).filter(({ n }) => n > 1)
  dims.sort((a, b) => a.step - b.step)
  let reach = 0
  for (const { n, step } of dims) {
    if (step <= reach) return false
    reach += step * (n - 1)
  }
  return true
}

/** Does the view run through a whole value of `size` elements, each once, in whatever order? */
export const covers = (x: Layout, size: number): boolean => sizeOf(x.shape) === size && isInjective(x)

/**
 * `reader` views a value whose elements, in row-major order, are those of `through`: the same view of the value behind.
 * Null where no strides express it.
 */
export function compose(reader: Access, through: Access): Access | null {
  if (sizeOf(reader.shape) === 0) return null
  const { sizes, strides } = collapse(through.shape, [through.strides])
  const [inner] = strides
  if (sizes.length === 0) return { ...through, shape: reader.shape, strides: reader.shape.map(() => 0) }
  const box = boxOf(reader, sizes)
  if (!box) return null
  const along = (digits: readonly number[]) => digits.reduce((sum, n, k) => sum + n * inner[k], 0)
  return { ...through, shape: reader.shape, strides: box.steps.map(along), offset: through.offset + along(box.start) }
}
