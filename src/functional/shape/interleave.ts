/** Each element several times in a row. */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { indexSelect } from '../../ops/routine/indexSelect.ts'
import { reshape } from '../../ops/view/index.ts'
import { fromArray, Tensor } from '../../tensor/index.ts'
import { axisOf, requireTensor } from './operand.ts'

/**
 * Row i of dim counts[i] times in a row, or every row `counts` times; without dim x is flattened first. (`repeat` puts
 * copies of the whole one after the other.)
 * @param counts a natural number, or one per row: an array or an int32 tensor.
 * @throws ArgumentError where a count is no natural number, ShapeError where there are not as many as rows.
 * @example repeatInterleave(tensor([1, 2]), 2) // [1, 1, 2, 2]
 */
export function repeatInterleave(x: Tensor, counts: number | readonly number[] | Tensor, dim?: number | null): Tensor {
  requireTensor('repeatInterleave', x)
  const flat = dim === undefined || dim === null
  const rows = flat ? reshape(x, [x.size]) : x
  const axis = flat ? 0 : axisOf('repeatInterleave', x, dim)
  const size = rows.shape[axis]
  const list = listOf(counts, size)
  if (list.length !== size) {
    throw new ShapeError(`repeatInterleave: ${list.length} counts for the ${size} rows of dim ${axis}`)
  }
  const total = list.reduce((n, count) => n + count, 0)
  const index = new Int32Array(total)
  let end = 0
  list.forEach((count, i) => {
    index.fill(i, end, end + count)
    end += count
  })
  return indexSelect(rows, axis, fromArray(index, [total], 'int32'))
}

function listOf(counts: unknown, size: number): readonly number[] {
  const one = typeof counts === 'number' || (counts instanceof Tensor && counts.shape.length === 0)
  const given: unknown = counts instanceof Tensor ? Array.from(counts.data) : one ? [counts] : counts
  if (!Array.isArray(given) || given.some((n) => !Number.isInteger(n) || n < 0))
    throw new ArgumentError(`repeatInterleave: counts must be natural numbers, got ${shown(given)}`)
  return one ? new Array<number>(size).fill(given[0]) : given
}
