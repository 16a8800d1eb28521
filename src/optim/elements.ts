/** How optimizers reach the elements of a tensor: as one flat array, which is the tensor's own where that is possible. */
import { toDense } from '../backends/js/layout.ts'
import { allocate } from '../ops/dtype.ts'
import type { DType, TypedArray } from '../ops/value.ts'
import { fromArray, putBack, type Tensor, tracing } from '../tensor/index.ts'

/** Calls `change` with the elements of x in row-major order; what it does to them is done to x, and counted as a change by `by`. */
export function editInPlace(x: Tensor, by: string, change: (data: TypedArray) => void): void {
  const data = toDense(x)
  change(data)
  putBack(x, data, by)
}

/** A tensor for the state of x: of its shape and dtype, without a history. */
export function stateLike(x: Tensor, value = 0): Tensor {
  const data = allocate(x.dtype, x.size)
  if (value !== 0) data.fill(value)
  const state = fromArray(data, x.shape, x.dtype)
  tracing.tracer?.keep(state)
  return state
}

/** A contiguous copy, converted. */
export function copyOf(x: Tensor, dtype: DType = x.dtype): Tensor {
  const data = allocate(dtype, x.size)
  data.set(toDense(x))
  return fromArray(data, x.shape, dtype)
}
