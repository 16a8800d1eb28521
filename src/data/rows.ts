/** Rows of tensors: taken, gathered and stacked by copying elements, or by ops where a derivative may depend on them. */
import { copyInto } from '../backends/js/layout.ts'
import { DTypeError, ShapeError } from '../errors/index.ts'
import { allocate } from '../ops/dtype.ts'
import { cat } from '../ops/routine/cat.ts'
import { contiguousStrides, isContiguous, sameShape, shapeText, sizeOf } from '../ops/shape.ts'
import { reshape } from '../ops/view/reshape.ts'
import { ranges, slice } from '../ops/view/slice.ts'
import { fromArray, type Tensor } from '../tensor/index.ts'

/** Whether a copy of the elements would lose something. */
const hasHistory = (x: Tensor): boolean => x.tracked || x.box !== null

/** x[i], a view. */
export const rowOf = (x: Tensor, i: number): Tensor =>
  reshape(slice<Tensor>(x, ranges(x, { 0: { start: i, step: 1, size: 1 } })), x.shape.slice(1))

/** x[indices], a copy of these rows one after the other. */
export function gatherRows(x: Tensor, indices: Int32Array): Tensor {
  if (hasHistory(x)) return stack(Array.from(indices, (i) => rowOf(x, i)))
  const shape = x.shape.slice(1)
  const strides = x.strides.slice(1)
  const size = sizeOf(shape)
  const out = allocate(x.dtype, indices.length * size)
  const { buffer, offset, dtype } = x
  const [step] = x.strides
  if (isContiguous(shape, strides)) {
    for (let k = 0; k < indices.length; k++) {
      const from = offset + indices[k] * step
      // A call of set costs as much as copying some tens of elements.
      if (size < 48) for (let i = 0, to = k * size; i < size; i++) out[to + i] = buffer[from + i]
      else out.set(buffer.subarray(from, from + size), k * size)
    }
  } else {
    const dense = contiguousStrides(shape)
    for (let k = 0; k < indices.length; k++) {
      const row = { buffer, shape, strides, offset: offset + indices[k] * step, dtype }
      copyInto({ buffer: out, shape, strides: dense, offset: k * size, dtype }, row)
    }
  }
  return fromArray(out, [indices.length, ...shape], dtype)
}

/** Tensors of one shape and dtype under a new first dimension. */
export function stack(rows: readonly Tensor[]): Tensor {
  const [first] = rows
  for (const row of rows) {
    if (!sameShape(row.shape, first.shape)) {
      throw new ShapeError(
        `DataLoader: items of different shapes cannot be stacked: ${shapeText(first.shape)} and ${shapeText(row.shape)}; pass a collate function`,
      )
    }
    if (row.dtype !== first.dtype)
      throw new DTypeError(`DataLoader: items of different dtypes cannot be stacked: ${first.dtype} and ${row.dtype}`)
  }
  if (rows.some(hasHistory)) return cat(rows.map((row) => reshape(row, [1, ...row.shape])))
  const size = first.size
  const out = allocate(first.dtype, rows.length * size)
  const strides = contiguousStrides(first.shape)
  rows.forEach((row, k) => {
    copyInto({ buffer: out, shape: first.shape, strides, offset: k * size, dtype: first.dtype }, row)
  })
  return fromArray(out, [rows.length, ...first.shape], first.dtype)
}
