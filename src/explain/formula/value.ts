/**
 * What an expression of the language is worth while it is computed. Numbers stay numbers as long as they can, so that
 * `2*x` scales by a constant and `sum(x, 0)` gets its dimension; all of it can become a tensor, in float64.
 */
import { ArgumentError, DTypeError } from '../../errors/index.ts'
import { stack } from '../../functional/index.ts'
import { shown } from '../../ops/arguments.ts'
import { isFloating } from '../../ops/dtype.ts'
import { toFloat64, toInt32 } from '../../ops/elementwise/index.ts'
import { type NestedArray, Tensor, tensor } from '../../tensor/index.ts'

export type FormulaValue = Tensor | number | boolean | string | readonly FormulaValue[] | Parts

/** What functions with several results return: by number, as of `split`, or by name, as of `sort`. */
export class Parts {
  readonly of: string
  readonly parts: Readonly<Record<string, Tensor>>
  /** True where the parts are numbered. */
  readonly numbered: boolean

  constructor(of: string, parts: object) {
    this.of = of
    this.numbered = Array.isArray(parts)
    this.parts = parts as Record<string, Tensor>
  }

  get size(): number {
    return Object.keys(this.parts).length
  }

  /** How one of them is taken. */
  get hint(): string {
    if (this.numbered) return `${this.of} gives ${this.size} tensors; take one, as in ${this.of}(...)[0]`
    const names = Object.keys(this.parts)
    return `${this.of} gives ${names.join(' and ')}; take one, as in ${this.of}(...).${names[0]}`
  }

  /** The part with this number, which may count from the end, or this name. */
  take(key: number | string): Tensor {
    const found = typeof key === 'number' && key < 0 ? key + this.size : key
    if (typeof key === (this.numbered ? 'number' : 'string') && Object.hasOwn(this.parts, found))
      return this.parts[found]
    throw new ArgumentError(this.hint)
  }
}

/** A tensor; numbers, lists of numbers and stacked lists of tensors are made into one. */
export function toTensor(value: FormulaValue): Tensor {
  if (value instanceof Tensor) return value
  if (typeof value === 'string') throw new ArgumentError(`${shown(value)} is text; a number or a tensor is needed here`)
  if (value instanceof Parts) throw new ArgumentError(value.hint)
  if (isConstant(value)) return literal(value as NestedArray)
  return stack((value as readonly FormulaValue[]).map(toTensor))
}

/** Without a tensor anywhere inside. */
export function isConstant(value: FormulaValue): boolean {
  return Array.isArray(value) ? value.every(isConstant) : !(value instanceof Tensor || value instanceof Parts)
}

const literal = (data: NestedArray): Tensor => tensor(data, { dtype: isFlags(data) ? 'bool' : 'float64' })

const isFlags = (data: NestedArray): boolean =>
  Array.isArray(data) ? data.length > 0 && data.every(isFlags) : typeof data === 'boolean'

/** A tensor in which the language computes: everything but floating point becomes float64. */
export function toFloating(value: FormulaValue): Tensor {
  const x = toTensor(value)
  return isFloating(x.dtype) ? x : toFloat64(x)
}

/** An int32 tensor of whole numbers: classes and indices, which formulas write like any other number. */
export function toWhole(value: FormulaValue): Tensor {
  const x = toTensor(value)
  if (!isFloating(x.dtype)) return x
  const fraction = x.data.find((v) => !Number.isInteger(v))
  if (fraction !== undefined) throw new DTypeError(`whole numbers are needed here, got ${fraction}`)
  return toInt32(x)
}

/** Several tensors. */
export function toTensors(value: FormulaValue): Tensor[] {
  if (value instanceof Parts && value.numbered) return Object.values(value.parts)
  if (Array.isArray(value)) return value.map(toTensor)
  throw new ArgumentError('a list of tensors is needed here, such as [a, b]')
}

/** A number, list, text or flag as it is. */
export function toPlain(value: FormulaValue): unknown {
  if (value instanceof Parts) throw new ArgumentError(value.hint)
  if (Array.isArray(value) && !isConstant(value))
    throw new ArgumentError('the numbers of this list must be written out, one of them is computed')
  return value
}
