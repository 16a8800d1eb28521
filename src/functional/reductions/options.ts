/** Options and axes as the reductions take them: `f(x, dim?, { keepdim, ... })`. */
import { ArgumentError, DTypeError } from '../../errors/index.ts'
import { isFloating } from '../../ops/dtype.ts'
import { normalizeAxes } from '../../ops/shape.ts'
import type { Tensor } from '../../tensor/index.ts'

export type Dims = number | readonly number[] | null

export interface KeepdimOptions {
  /** Keep the reduced dimensions with size 1. */
  readonly keepdim?: boolean
}

export function checkOptions(name: string, options: object, known: readonly string[]): void {
  for (const key in options) {
    if (!known.includes(key))
      throw new ArgumentError(`${name}: unknown option '${key}'; it takes { ${known.join(', ')} }`)
  }
}

export function requireFloat(name: string, x: Tensor): void {
  if (isFloating(x.dtype)) return
  throw new DTypeError(`${name}: takes floating point values, got ${x.dtype}; convert first: x.to('float32')`)
}

/**
 * Options may take the place of dim where all dimensions are meant: `norm(x, { p: 1 })`.
 * @returns [dim, options], the options checked.
 */
export function dimAndOptions<O extends object>(
  name: string,
  dim: Dims | O | undefined,
  options: O | undefined,
  known: readonly (keyof O & string)[],
): [dim: Dims | undefined, options: Partial<O>] {
  const instead = typeof dim === 'object' && dim !== null && !Array.isArray(dim)
  const given = (instead ? dim : (options ?? {})) as Partial<O>
  checkOptions(name, given, known)
  return [instead ? undefined : (dim as Dims | undefined), given]
}

/** How many elements are reduced to one. */
export const countOf = (name: string, x: Tensor, dim: Dims | undefined): number =>
  normalizeAxes(name, dim, x?.shape?.length ?? 0).reduce((n, d) => n * x.shape[d], 1)
