/** Pooling to a given size: the picture is divided as evenly as whole rows and columns allow. */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { allocate, requireFloating } from '../../ops/dtype.ts'
import { clone, div, where } from '../../ops/elementwise/index.ts'
import { sum } from '../../ops/reduce/sum.ts'
import { indexSelect } from '../../ops/routine/indexSelect.ts'
import { shapeText } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/index.ts'
import { composite, fromArray, type Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'

/**
 * The mean of rows floor(i·h / outH) to ceil((i + 1)·h / outH), and columns likewise: regions that cover the picture and
 * overlap by at most one where sizes do not divide.
 * @param x [batch, channels, height, width], or without the batch; @param outputSize a number or [height, width], null
 *   keeping a size.
 * @throws ShapeError where x is no picture, ArgumentError where a size is no positive integer.
 * @example adaptiveAvgPool2d(tensor([[[1, 2, 3]]]), [1, 2]) // [[[1.5, 2.5]]]
 */
export const adaptiveAvgPool2d = composite(
  'adaptiveAvgPool2d',
  (x: Tensor, outputSize: number | readonly (number | null)[]): Tensor => {
    const name = 'adaptiveAvgPool2d'
    requireTensor(name, x, 'the input')
    requireFloating(name, x.dtype)
    const rank = x.shape.length
    if ((rank !== 3 && rank !== 4) || x.shape.slice(-3).includes(0)) {
      throw new ShapeError(
        `${name}: the input is [batch, channels, height, width] or [channels, height, width], got ${shapeText(x.shape)}`,
      )
    }
    const asked = Array.isArray(outputSize) ? outputSize : [outputSize, outputSize]
    const sizes = asked.map((n, i) => n ?? x.shape[rank - 2 + i])
    if (sizes.length !== 2 || sizes.some((n) => !Number.isInteger(n) || n < 1)) {
      throw new ArgumentError(
        `${name}: outputSize is a positive integer or two of them (null keeps a size), got ${shown(outputSize)}`,
      )
    }
    const pooled = sizes.reduce((y, n, i) => means(y, rank - 2 + i, n), x)
    return pooled === x ? clone(x) : pooled
  },
)

/**
 * The means of `n` regions along a dimension. Regions are at most one apart in length: all are picked at the length of
 * the longest, and what does not belong to one is replaced by 0 (not multiplied by it, which would spread NaN).
 */
function means(x: Tensor, dim: number, n: number): Tensor {
  const size = x.shape[dim]
  if (size === n) return x
  const regions = Array.from({ length: n }, (_, i) => {
    const start = Math.floor((i * size) / n)
    return { start, length: Math.ceil(((i + 1) * size) / n) - start }
  })
  const longest = Math.max(...regions.map((r) => r.length))
  const rest = x.shape.slice(dim + 1)
  const ones = rest.map(() => 1)
  const rows = regions.flatMap(({ start }) => Array.from({ length: longest }, (_, k) => Math.min(start + k, size - 1)))
  const picked = indexSelect(x, dim, fromArray(Int32Array.from(rows), [rows.length], 'int32'))
  const split = reshape(picked, [...x.shape.slice(0, dim), n, longest, ...rest])
  const own = regions.flatMap(({ length }) => Array.from({ length: longest }, (_, k) => Number(k < length)))
  const mask = fromArray(Uint8Array.from(own), [n, longest, ...ones], 'bool')
  const lengths = allocate(x.dtype, n)
  lengths.set(regions.map((r) => r.length))
  return div(sum(where(mask, split, 0), dim + 1), fromArray(lengths, [n, ...ones], x.dtype))
}
