/** What composites check before they look at a tensor: that it is one, and that it has the dimension that was named. */
import { ArgumentError, IndexError } from '../../errors/index.ts'
import { normalizeAxis } from '../../ops/shape.ts'
import { Tensor } from '../../tensor/index.ts'

export function requireTensor(name: string, x: unknown, what = 'the operand'): asserts x is Tensor {
  if (x instanceof Tensor) return
  const got = x === null ? 'null' : Array.isArray(x) ? 'an array' : typeof x
  throw new ArgumentError(`${name}: ${what} must be a tensor, got ${got}; wrap data with tensor(...)`)
}

/** A dimension of x counted from 0; unlike reductions, what takes a dimension apart needs one. */
export function axisOf(name: string, x: Tensor, dim: number): number {
  requireTensor(name, x)
  if (x.shape.length === 0) throw new IndexError(`${name}: a tensor without dimensions has no dim ${dim}`)
  return normalizeAxis(name, dim, x.shape.length)
}

export function requireInteger(name: string, what: string, value: unknown): asserts value is number {
  if (!Number.isInteger(value)) throw new ArgumentError(`${name}: ${what} must be an integer, got ${String(value)}`)
}
