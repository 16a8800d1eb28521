/**
 * Another dtype for a tensor that others hold on to. Optimizers know parameters by identity, so a conversion that made
 * new ones would leave them training the old, silently; therefore the tensor itself changes what it is.
 */
import { isFloating } from '../ops/dtype.ts'
import { castTo } from '../ops/elementwise/index.ts'
import type { DType } from '../ops/value.ts'
import { type Tensor, withoutRecording } from '../tensor/index.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Converts the elements and the gradient of a floating point tensor in place; integers and flags stay. */
export function convert(x: Tensor, dtype: DType): void {
  if (!isFloating(x.dtype) || x.dtype === dtype) return
  const made = withoutRecording(() => castTo(x.detach(), dtype))
  // A derivative that is yet to read the old elements must not read the new ones.
  made.storage.changed('to')
  const { storage, strides, offset, history } = made
  Object.assign(x as Writable<Tensor>, { storage, strides, offset, history, dtype, isView: false })
  if (x.grad) convert(x.grad, dtype)
}
