/** How optimizers reach the elements of a tensor: as one flat array, which is the tensor's own where that is possible. */
import { copyInto, toDense } from '../backends/js/layout.ts'
import { allocate } from '../ops/dtype.ts'
import { contiguousStrides, isContiguous } from '../ops/shape.ts'
import type { DType, TypedArray } from '../ops/value.ts'
import { fromArray, type Tensor } from '../tensor/index.ts'

/** Calls `change` with the elements of x in row-major order; what it does to them is done to x, and counted as a change by `by`. */
export function editInPlace(x: Tensor, by: string, change: (data: TypedArray) => void): void {
  const data = toDense(x)
  change(data)
  putBack(x, data, by)
}

/** Ends a change of `data`, which `toDense(x)` returned: a copy is written back, and the change is counted. */
export function putBack(x: Tensor, data: TypedArray, by: string): void {
  if (!isContiguous(x.shape, x.strides)) {
    copyInto(x, { buffer: data, shape: x.shape, strides: contiguousStrides(x.shape), offset: 0, dtype: x.dtype })
  }
  x.storage.changed(by)
}

/** The elements of a gradient in the dtype of its parameter, apart from those of the parameter itself. */
export function gradientOf(x: Tensor, grad: Tensor): TypedArray {
  const data = toDense(grad)
  if (grad.dtype === x.dtype && grad.storage !== x.storage) return data
  const own = allocate(x.dtype, data.length)
  own.set(data)
  return own
}

/** The elements of a tensor of an optimizer's state, about to be changed: always contiguous, since optimizers make them. */
export function stateArray(state: Tensor, by: string): TypedArray {
  state.storage.changed(by)
  return state.storage.buffer
}

/** A tensor for the state of x: of its shape and dtype, without a history. */
export function stateLike(x: Tensor, value = 0): Tensor {
  const data = allocate(x.dtype, x.size)
  if (value !== 0) data.fill(value)
  return fromArray(data, x.shape, x.dtype)
}

/** A contiguous copy, converted. */
export function copyOf(x: Tensor, dtype: DType = x.dtype): Tensor {
  const data = allocate(dtype, x.size)
  data.set(toDense(x))
  return fromArray(data, x.shape, dtype)
}
