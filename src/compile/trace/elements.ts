/** Elements on their way into a program and out of it. */
import { copyInto } from '../../backends/js/layout.ts'
import { allocate } from '../../ops/dtype.ts'
import { contiguousStrides, isContiguous } from '../../ops/shape.ts'
import type { DType, TypedArray } from '../../ops/value.ts'
import type { Tensor } from '../../tensor/index.ts'

/** Puts the elements of x into an array, in row-major order. */
export function load(to: TypedArray, x: Tensor): void {
  const { shape, strides, offset } = x
  const { buffer } = x.storage
  if (to.length === 1) to[0] = buffer[offset]
  else if (!isContiguous(shape, strides))
    copyInto({ buffer: to, shape, strides: contiguousStrides(shape), offset: 0, dtype: x.dtype }, x)
  else to.set(buffer.length === to.length ? buffer : buffer.subarray(offset, offset + to.length))
}

/** An array of the same elements. */
export function copyOf(array: TypedArray, dtype: DType): TypedArray {
  const copy = allocate(dtype, array.length)
  if (array.length === 1) copy[0] = array[0]
  else copy.set(array)
  return copy
}
