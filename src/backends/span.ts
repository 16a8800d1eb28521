/** How far strided operands reach. */
import type { Axes, ProductKernel } from './kernels.ts'

/** Elements from `start` to before `end`, counted from the operand's first one. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** What loops over these sizes meet. Sizes along which nothing moves may be 0. */
export function spanOf(sizes: readonly number[], strides: readonly number[]): Span {
  let [start, end] = [0, 1]
  for (let d = 0; d < sizes.length; d++) {
    const reach = Math.max(sizes[d] - 1, 0) * (strides[d] ?? 0)
    if (reach < 0) start += reach
    else end += reach
  }
  return { start, end }
}

/** What a product meets of operand 0, 1, 2: a, b, c. */
export function spanOfOperand(
  { batch, rows, columns, summed }: Pick<ProductKernel, 'batch' | 'rows' | 'columns' | 'summed'>,
  operand: number,
): Span {
  const axes: readonly Axes[] = [batch, rows, columns, summed]
  const sizes = axes.flatMap((axis) => axis.sizes)
  return spanOf(
    sizes,
    axes.flatMap(({ strides }) => strides[operand]),
  )
}
