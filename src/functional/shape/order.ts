/** The dimensions in another order; all of these are views. */
import { ArgumentError } from '../../errors/index.ts'
import { normalizeAxis } from '../../ops/shape.ts'
import { permute } from '../../ops/view/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requireTensor } from './operand.ts'

/**
 * x with two dimensions swapped.
 * @throws IndexError where there is no such dimension.
 * @example transpose(tensor([[1, 2], [3, 4]]), 0, 1) // [[1, 3], [2, 4]]
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  requireTensor('transpose', x)
  const rank = x.shape.length
  const [a, b] = [dim0, dim1].map((d) => normalizeAxis('transpose', d, rank))
  return permute(
    x,
    x.shape.map((_, d) => (d === a ? b : d === b ? a : d)),
  )
}

/**
 * x with its dimensions in reverse order, the property `x.T`.
 * @example tensor([[1, 2], [3, 4]]).T // [[1, 3], [2, 4]]
 */
export function transposed(x: Tensor): Tensor {
  requireTensor('T', x)
  return permute(
    x,
    x.shape.map((_, d) => x.shape.length - 1 - d),
  )
}

/**
 * x with the dimensions `source` at the places `destination`; the others keep their order.
 * @throws ArgumentError where the two lists differ in length or name a dimension twice.
 * @example movedim(tensor([[[1, 2, 3]]]), -1, 0).shape // [3, 1, 1]
 */
export function movedim(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  requireTensor('movedim', x)
  const rank = x.shape.length
  const [from, to] = [source, destination].map((dims) =>
    [dims].flat().map((d) => normalizeAxis('movedim', d as number, rank)),
  )
  if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
    throw new ArgumentError(`movedim: [${from}] and [${to}] must be equally many different dimensions`)
  }
  const staying = x.shape.map((_, d) => d).filter((d) => !from.includes(d))
  let next = 0
  return permute(
    x,
    x.shape.map((_, d) => (to.includes(d) ? from[to.indexOf(d)] : staying[next++])),
  )
}
