import { checkDType } from '../dtype.ts'
import type { DType, Value } from '../value.ts'
import { toBool, toFloat32, toFloat64, toInt32 } from './cast.ts'

const casts = { float32: toFloat32, float64: toFloat64, int32: toInt32, bool: toBool }

/** x in another dtype; x itself where it has it already. @example castTo(tensor([1.7]), 'int32') // [1] */
export const castTo = <V extends Value>(x: V, dtype: DType): V =>
  x.dtype === checkDType('to', dtype) ? x : casts[dtype](x)
