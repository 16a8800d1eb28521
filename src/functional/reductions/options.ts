/** Options and axes as the reductions take them: `f(x, dim?, { keepdim, ... })`. */
import { checkOptions } from '../../errors/index.ts'
import { requireFloating } from '../../ops/dtype.ts'
import { normalizeAxes } from '../../ops/shape.ts'
import type { Tensor } from '../../tensor/index.ts'

export type Dims = number | readonly number[] | null

export interface KeepdimOptions {
  /** Keep the reduced dimensions with size 1. */
  readonly keepdim?: boolean
}

export const requireFloat = (name: string, x: Tensor): void => requireFloating(name, x.dtype)

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
