/** Tensors put together along a dimension and taken apart again. Parts are views. */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { cat } from '../../ops/routine/cat.ts'
import { normalizeAxis, sameShape, shapeText } from '../../ops/shape.ts'
import { ranges, slice as take } from '../../ops/view/slice.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { axisOf, requireInteger, requireTensor } from './operand.ts'
import { select } from './slice.ts'
import { unsqueeze } from './view.ts'

/**
 * Tensors of one shape along a new dimension at place `dim`.
 * @throws ShapeError where shapes differ, ArgumentError for an empty list.
 * @example stack([tensor([1, 2]), tensor([3, 4])]) // [[1, 2], [3, 4]]
 */
export const stack = composite('stack', (tensors: readonly Tensor[], dim: number = 0): Tensor => {
  if (!Array.isArray(tensors) || tensors.length === 0)
    throw new ArgumentError(`stack: takes an array of at least one tensor, got ${shown(tensors)}`)
  for (const [i, x] of tensors.entries()) requireTensor('stack', x, `element ${i}`)
  if (!tensors.every((x) => sameShape(x.shape, tensors[0].shape))) {
    throw new ShapeError(`stack: shapes must be equal: ${tensors.map((x) => shapeText(x.shape)).join(', ')}`)
  }
  const at = normalizeAxis('stack', dim, tensors[0].shape.length + 1)
  return cat(
    tensors.map((x) => unsqueeze(x, at)),
    at,
  )
})

/**
 * Parts of the given size (the last may be smaller) or sizes along a dimension.
 * @throws ShapeError where sizes do not add up to the dimension, ArgumentError where one is no natural number.
 * @example split(tensor([1, 2, 3]), 2)[1] // [3]
 */
export function split(x: Tensor, sizeOrSizes: number | readonly number[], dim: number = 0): Tensor[] {
  const axis = axisOf('split', x, dim)
  const total = x.shape[axis]
  if (Array.isArray(sizeOrSizes)) return parts('split', x, sizeOrSizes, axis)
  requireInteger('split', 'a size (or an array of them)', sizeOrSizes)
  if (sizeOrSizes < 0 || (sizeOrSizes === 0 && total > 0)) {
    throw new ArgumentError(`split: the size must be positive, got ${sizeOrSizes}`)
  }
  return parts('split', x, even(total, sizeOrSizes), axis)
}

/**
 * At most n parts of one size, ceil(size / n), along a dimension; the last may be smaller.
 * @throws ArgumentError where n is not a positive integer.
 * @example chunk(tensor([1, 2, 3]), 2)[0] // [1, 2]
 */
export function chunk(x: Tensor, n: number, dim: number = 0): Tensor[] {
  const axis = axisOf('chunk', x, dim)
  if (!Number.isInteger(n) || n < 1)
    throw new ArgumentError(`chunk: the number of parts must be a positive integer, got ${shown(n)}`)
  const total = x.shape[axis]
  const sizes = total === 0 ? new Array<number>(n).fill(0) : even(total, Math.ceil(total / n))
  return parts('chunk', x, sizes, axis)
}

const even = (total: number, size: number): number[] =>
  Array.from({ length: Math.max(1, Math.ceil(total / size) || 0) }, (_, i) => Math.min(size, total - i * size))

function parts(name: string, x: Tensor, sizes: readonly number[], axis: number): Tensor[] {
  if (sizes.some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ArgumentError(`${name}: sizes must be natural numbers, got ${shown(sizes)}`)
  }
  if (sizes.reduce((sum, n) => sum + n, 0) !== x.shape[axis]) {
    throw new ShapeError(`${name}: sizes ${shapeText(sizes)} do not add up to dim ${axis} of ${shapeText(x.shape)}`)
  }
  let end = 0
  return sizes.map((size) => {
    const start = end
    end += size
    return take(x, ranges(x, { [axis]: { start, step: 1, size } }))
  })
}

/**
 * One tensor per index of a dimension, which goes away.
 * @throws IndexError where there is no such dimension.
 * @example unbind(tensor([[1, 2], [3, 4]]))[1] // [3, 4]
 */
export function unbind(x: Tensor, dim: number = 0): Tensor[] {
  const axis = axisOf('unbind', x, dim)
  return Array.from({ length: x.shape[axis] }, (_, i) => select(x, axis, i))
}
