/** Indexing. Integers, ranges and new axes make a view; index arrays and masks pick rows of it, as numpy does. */
import { IndexError } from '../../errors/index.ts'
import { add, ge, logicalAnd, lt, mul, where } from '../../ops/elementwise/index.ts'
import { indexSelect } from '../../ops/routine/indexSelect.ts'
import { broadcastShapes, sizeOf } from '../../ops/shape.ts'
import { permute, reshape } from '../../ops/view/index.ts'
import { composite, readable, type Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'
import { type Index, type Plan, planOf, type Rows } from './plan.ts'

/**
 * The elements at an index per dimension: integers (negative from the end), `{ start, end, step }`, null for a new axis,
 * '...' for the dimensions in between, int32 tensors or arrays, bool masks.
 *
 * Without arrays the result is a view. Index arrays are broadcast against each other and pick a copy; their dimensions
 * take the place of those they index where these are neighbours, else they come first. Integers are applied before
 * arrays, as in PyTorch.
 * @throws IndexError where an index, a mask or the number of indices does not fit; CompileError for a mask that is computed
 *   while a function is traced, since the shape of the result would depend on its values.
 * @example at(tensor([[1, 2], [3, 4]]), -1, { start: 0, end: 1 }) // [3]
 * @example at(tensor([[1, 2], [3, 4]]), [1, 0], [0, 0]) // [3, 1]
 */
export const at = composite('at', (x: Tensor, ...indices: Index[]): Tensor => {
  requireTensor('at', x)
  const plan = planOf('at', x, indices)
  if (plan.rows.length > 0) return pick('at', plan)
  return plan.base === x ? reshape(x, x.shape) : plan.base
})

/** The indexed dimensions become one, with one number per combination of their indices; rows of it are selected. */
export function pick(name: string, { base, rows }: Plan): Tensor {
  const dims = rows.map((r) => r.dim)
  const neighbours = dims.every((d, i) => d === dims[0] + i)
  const others = base.shape.map((_, d) => d).filter((d) => !dims.includes(d))
  const place = neighbours ? dims[0] : 0
  const order = [...others.slice(0, place), ...dims, ...others.slice(place)]
  const sizes = dims.map((d) => base.shape[d])
  const before = others.slice(0, place).map((d) => base.shape[d])
  const after = others.slice(place).map((d) => base.shape[d])
  const ordered = neighbours ? base : permute(base, order)
  const merged = dims.length === 1 ? ordered : reshape(ordered, [...before, sizeOf(sizes), ...after])
  const number = combine(name, rows, sizes)
  const picked = indexSelect(merged, place, reshape(number, [sizeOf(number.shape)]))
  return reshape(picked, [...before, ...number.shape, ...after])
}

/** (i, j, ...) of sizes (m, n, ...) as the number (i n + j) ... */
function combine(name: string, rows: readonly Rows[], sizes: readonly number[]): Tensor {
  broadcastShapes(
    name,
    rows.map((r) => r.index.shape),
  )
  const indices = rows.map((r, k) => counted(name, r, sizes[k]))
  const number = indices.reduce((at, index, k) => add(mul(at, sizes[k]), index))
  const unchecked = rows.flatMap((r, k) => (readable(innermost(r.index)) ? [] : [k]))
  if (unchecked.length === 0) return number
  // What could not be checked yet must not stand for a row that another combination means: -1 is refused when rows are read.
  const inside = unchecked.map((k) => logicalAnd(ge(indices[k], 0), lt(indices[k], sizes[k])))
  return where(
    inside.reduce((a, b) => logicalAnd(a, b)),
    number,
    -1,
  )
}

/** The index counted from 0. Its values are read only to check them, those of all samples where it is batched. */
function counted(name: string, { index, of }: Rows, size: number): Tensor {
  const plain = innermost(index)
  let negative = !readable(plain)
  if (!negative) {
    for (const i of plain.data) {
      if (i < -size || i >= size)
        throw new IndexError(`${name}: index ${i} is out of range for dim ${of} of size ${size}`)
      if (i < 0) negative = true
    }
  }
  return negative ? where(lt(index, 0), add(index, size), index) : index
}

function innermost(x: Tensor): Tensor {
  let plain = x
  while (plain.box) plain = plain.box.value
  return plain
}
