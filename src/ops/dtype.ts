/**
 * Number types and how they meet: PyTorch's promotion by category (bool < integer < floating) in which a plain
 * number widens nothing but the category.
 */
import { DTypeError } from '../errors/index.ts'
import { shown } from './arguments.ts'
import type { DType, Operand, TypedArray } from './value.ts'

const rank: Record<DType, number> = { bool: 0, int32: 1, float32: 2, float64: 3 }
const byRank: readonly DType[] = ['bool', 'int32', 'float32', 'float64']

export const dtypes = byRank

export const bytesPerElement: Readonly<Record<DType, number>> = { bool: 1, int32: 4, float32: 4, float64: 8 }

/** What the elements of an array are; flags are bytes. */
export function dtypeOf(data: TypedArray): DType {
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Float64Array) return 'float64'
  return data instanceof Int32Array ? 'int32' : 'bool'
}

export const isFloating = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64'

/** Which of bool, integer and floating a rank belongs to. */
const categoryOf = (r: number): number => (r < 2 ? r : 2)

/**
 * The dtype in which operands meet. Float32 with float64 gives float64, int32 with float32 float32, int32 with 0.5
 * float32. As in PyTorch a tensor without dimensions widens one with dimensions only if its category is the higher one.
 */
export function promote(operands: readonly Operand[]): DType {
  let widest = -1
  let scalar = -1
  let number = -1
  for (const operand of operands) {
    if (typeof operand === 'number') number = Math.max(number, Number.isInteger(operand) ? 1 : 2)
    else if (operand.shape.length === 0) scalar = Math.max(scalar, rank[operand.dtype])
    else if (rank[operand.dtype] > widest) widest = rank[operand.dtype]
  }
  if (scalar >= 0 && (widest < 0 || categoryOf(scalar) > categoryOf(widest))) widest = scalar
  if (widest < 0) return 'float32'
  return byRank[number < 0 || categoryOf(widest) >= number ? widest : number]
}

/** As `promote`, for operations whose results are not integers: division, roots, exponentials. */
export function promoteFloating(operands: readonly Operand[]): DType {
  const dtype = promote(operands)
  return isFloating(dtype) ? dtype : 'float32'
}

export function allocate(dtype: DType, size: number): TypedArray {
  switch (dtype) {
    case 'float32':
      return new Float32Array(size)
    case 'float64':
      return new Float64Array(size)
    case 'int32':
      return new Int32Array(size)
    default:
      return new Uint8Array(size)
  }
}

export function requireFloating(name: string, dtype: DType): void {
  if (!isFloating(dtype)) {
    throw new DTypeError(`${name}: takes floating point values, got ${dtype}; convert first: x.to('float32')`)
  }
}

export function checkDType(name: string, dtype: unknown): DType {
  if (byRank.includes(dtype as DType)) return dtype as DType
  const like: Readonly<Record<string, DType>> = {
    float: 'float32',
    double: 'float64',
    int: 'int32',
    int64: 'int32',
    long: 'int32',
    boolean: 'bool',
  }
  const hint = typeof dtype === 'string' && like[dtype] ? `; did you mean '${like[dtype as string]}'?` : ''
  throw new DTypeError(`${name}: unknown dtype ${shown(dtype)}; the dtypes are ${byRank.join(', ')}${hint}`)
}
