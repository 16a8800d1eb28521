/** What the lab's functions check of their settings. */
import { ArgumentError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'

export function requireCount(name: string, what: string, n: unknown): asserts n is number {
  if (!Number.isSafeInteger(n) || (n as number) < 1)
    throw new ArgumentError(`${name}: ${what} must be a positive integer, got ${shown(n)}`)
}

export function requireSeed(name: string, seed: unknown): asserts seed is number {
  if (!Number.isSafeInteger(seed))
    throw new ArgumentError(`${name}: the seed must be a safe integer, got ${shown(seed)}`)
}

export function requireFinite(name: string, what: string, x: unknown): asserts x is number {
  if (!Number.isFinite(x)) throw new ArgumentError(`${name}: ${what} must be a finite number, got ${shown(x)}`)
}
