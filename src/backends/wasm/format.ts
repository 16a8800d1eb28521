/** The floating point formats as vectors hold them, for kernels that are written once for both. */
import type { DType } from '../../ops/value.ts'

export interface FloatFormat {
  readonly dtype: 'float32' | 'float64'
  /** Bytes of an element. */
  readonly size: 4 | 8
  /** Elements of a vector. */
  readonly count: 4 | 2
  readonly splat: 'v128.load32_splat' | 'v128.load64_splat'
  readonly add: 'f32x4.add' | 'f64x2.add'
  readonly mul: 'f32x4.mul' | 'f64x2.mul'
  readonly madd: 'f32x4.relaxed_madd' | 'f64x2.relaxed_madd'
}

const single: FloatFormat = {
  dtype: 'float32',
  size: 4,
  count: 4,
  splat: 'v128.load32_splat',
  add: 'f32x4.add',
  mul: 'f32x4.mul',
  madd: 'f32x4.relaxed_madd',
}

const double: FloatFormat = {
  dtype: 'float64',
  size: 8,
  count: 2,
  splat: 'v128.load64_splat',
  add: 'f64x2.add',
  mul: 'f64x2.mul',
  madd: 'f64x2.relaxed_madd',
}

/** Undefined for integers and flags. */
export const formatOf = (dtype: DType): FloatFormat | undefined =>
  dtype === 'float32' ? single : dtype === 'float64' ? double : undefined
