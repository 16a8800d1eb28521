/** The format of `fixtures/ops.json`; `fixtures/make_ops.py` says how it was made. */
import type { DType } from '../../src/index.ts'

/** NaN and infinities are strings. */
export type Numbers = readonly (number | string)[]

export interface Encoded {
  readonly name?: string
  readonly shape: readonly number[]
  readonly data: Numbers
  readonly dtype?: DType
}

/** op(...args, options), where "$i" in args stands for input i. */
export interface Case {
  readonly op: string
  readonly args: readonly unknown[]
  readonly options: Readonly<Record<string, unknown>>
  readonly inputs: readonly Encoded[]
  readonly output?: Encoded
  readonly outputs?: readonly Encoded[]
  readonly gradOutput?: Numbers | null
  readonly gradOutputs?: readonly (Numbers | null)[]
  readonly gradients?: readonly (Numbers | null)[]
  /** The gradients of the sum over inputs of <gradient, v>. */
  readonly secondOrder?: { readonly v: readonly (Numbers | null)[]; readonly gradients: readonly (Numbers | null)[] }
  /** Kinks, infinities, NaN: not compared with central differences when made. */
  readonly special?: boolean
  readonly nonfinite?: boolean
}

export const floats = (data: Numbers): Float64Array => Float64Array.from(data, Number)
