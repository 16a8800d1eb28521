/**
 * What an op may know of the thing it is applied to. Ops know no Tensor: they see a `Value`, something with a shape
 * and a dtype that can apply an op to itself and its fellow operands. A tensor computes, a traced tensor records, a
 * dual number carries its tangent along; the op is the same.
 */
import type { Op } from './kinds/op.ts'

export type DType = 'float32' | 'float64' | 'int32' | 'bool'
export type Shape = readonly number[]
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array

/** Everything beside the operands that fixes what an op does: axes, an index string, sizes. Plain data. */
export type Attrs = Readonly<Record<string, unknown>>

export interface Value {
  readonly shape: Shape
  readonly dtype: DType
  /** Applies the op in this value's way: one value, or an array of them where the op has several outputs. */
  applyOp(op: Op, inputs: readonly Operand[], attrs: Attrs): Value | Value[]
}

/** Numbers stand for themselves: they broadcast to any shape and never widen a dtype. */
export type Operand = Value | number

/** Elements in memory: element (i, j, ...) is `buffer[offset + i * strides[0] + j * strides[1] + ...]`. */
export interface Strided {
  readonly buffer: TypedArray
  readonly shape: Shape
  readonly strides: readonly number[]
  readonly offset: number
  readonly dtype: DType
}

/** Elements in row-major order without gaps: what kernels return. */
export interface Dense {
  readonly data: TypedArray
  readonly shape: Shape
  readonly dtype: DType
}

/** What an op knows about a result before it is computed. */
export interface Spec {
  readonly shape: Shape
  readonly dtype: DType
}
