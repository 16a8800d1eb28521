/** What ops that read positions from a tensor share: the check of the indices and where they lead. */
import { ArgumentError, DTypeError, IndexError, ShapeError } from '../../errors/index.ts'
import { kindOf } from '../arguments.ts'
import { contiguousStrides, sameShape, shapeText, sizeOf } from '../shape.ts'
import type { Dense, Shape, TypedArray, Value } from '../value.ts'

export function requireTensor(name: string, x: unknown, where = ''): void {
  if (typeof (x as Value | undefined)?.applyOp === 'function') return
  throw new ArgumentError(`${name}: takes tensors, got ${kindOf(x)}${where}; wrap data with tensor(...)`)
}

export function requireIndex(name: string, index: Value): void {
  if (typeof index?.applyOp !== 'function') {
    throw new ArgumentError(`${name}: the index must be a tensor; wrap it with tensor(index, { dtype: 'int32' })`)
  }
  if (index.dtype !== 'int32') {
    throw new DTypeError(`${name}: the index must be int32, got ${index.dtype}; convert it with to('int32')`)
  }
}

/** An index that lists rows has one dimension. */
export function requireRows(name: string, index: Value): void {
  requireIndex(name, index)
  if (index.shape.length !== 1) {
    throw new ShapeError(`${name}: the index lists rows and has one dimension, got ${shapeText(index.shape)}`)
  }
}

export function checkRange(name: string, index: TypedArray, dim: number, size: number): void {
  for (let i = 0; i < index.length; i++) {
    if (index[i] < 0 || index[i] >= size) {
      throw new IndexError(
        `${name}: index ${index[i]} is out of range for dim ${dim} of size ${size} (0 to ${size - 1})`,
      )
    }
  }
}

/** Three nested loops: what comes before a dimension, the dimension, what comes after it. */
export function around(shape: Shape, dim: number): { outer: number; size: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, dim)), size: shape[dim] ?? 1, inner: sizeOf(shape.slice(dim + 1)) }
}

/** Where every element of the index leads: its own place within `shape`, with the index in place of coordinate `dim`. */
export function places(name: string, index: Dense, dim: number, shape: Shape): Int32Array {
  checkRange(name, index.data, dim, shape[dim])
  if (sameShape(index.shape, resized(shape, dim, index.shape[dim]))) return alignedPlaces(index, dim, shape)
  const strides = contiguousStrides(shape)
  const at = new Array<number>(shape.length).fill(0)
  const found = new Int32Array(index.data.length)
  let base = 0
  for (let i = 0; i < found.length; i++) {
    found[i] = base + index.data[i] * strides[dim]
    for (let d = at.length - 1; d >= 0; d--) {
      if (d !== dim) base += strides[d]
      if (++at[d] < index.shape[d]) break
      if (d !== dim) base -= strides[d] * at[d]
      at[d] = 0
    }
  }
  return found
}

/** Where the index covers all of x but for dim, its rows and those of x go side by side. */
function alignedPlaces({ data, shape }: Dense, dim: number, of: Shape): Int32Array {
  const { outer, size, inner } = around(shape, dim)
  const found = new Int32Array(data.length)
  let at = 0
  for (let o = 0; o < outer; o++) {
    const base = o * of[dim] * inner
    for (let k = 0; k < size; k++) for (let i = 0; i < inner; i++, at++) found[at] = base + data[at] * inner + i
  }
  return found
}

/** The shape with another size at `dim`. */
export const resized = (shape: Shape, dim: number, size: number): number[] =>
  shape.map((n, d) => (d === dim ? size : n))
