/** How constructors read what they are given. A wrong type is refused here, not in a product many calls later. */
import { ArgumentError, checkOptions } from '../errors/index.ts'
import type { PerDimension } from '../functional/products/index.ts'

/** Settings given by name in one object or in order, as PyTorch takes them: `LeakyReLU({ negativeSlope: 0.2 })`, `LeakyReLU(0.2)`. */
export function settings<T extends object>(name: string, given: readonly unknown[], defaults: T): T {
  const [first] = given
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) {
    checkOptions(name, first, Object.keys(defaults))
    return filled(name, first, defaults)
  }
  const named = Object.keys(defaults).map((key, i) => [key, given[i]])
  return filled(name, Object.fromEntries(named), defaults)
}

/** The defaults in place of what is not given; the rest is of their types. */
function filled<T extends object>(name: string, given: object, defaults: T): T {
  const own = Object.entries(given).filter(([, value]) => value !== undefined)
  for (const [key, value] of own) {
    const type = typeof (defaults as Record<string, unknown>)[key]
    if (typeof value !== type) throw new ArgumentError(`${name}: ${key} must be a ${type}, got ${shown(value)}`)
  }
  return { ...defaults, ...Object.fromEntries(own) }
}

/** What was given, as messages name it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (Array.isArray(value)) return `[${value.join(', ')}]`
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}

/** Sizes of layers are positive integers. */
export function requireSizes(name: string, sizes: Readonly<Record<string, number>>): void {
  for (const [key, n] of Object.entries(sizes)) {
    if (!Number.isInteger(n) || n < 1)
      throw new ArgumentError(`${name}: ${key} must be a positive integer, got ${shown(n)}`)
  }
}

/** Sizes per dimension; one number stands for all. */
export function requireKernel(name: string, key: string, given: PerDimension, rank: number): readonly number[] {
  if (typeof given !== 'number' && !Array.isArray(given))
    throw new ArgumentError(`${name}: ${key} must be a positive integer or ${rank} of them, got ${shown(given)}`)
  const sizes = typeof given === 'number' ? new Array<number>(rank).fill(given) : [...given]
  if (sizes.length !== rank) throw new ArgumentError(`${name}: ${key} has ${rank} sizes, got ${shown(sizes)}`)
  requireSizes(name, Object.fromEntries(sizes.map((k, i) => [typeof given === 'number' ? key : `${key}[${i}]`, k])))
  return sizes
}

export function requireFlags(name: string, flags: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(flags)) {
    if (typeof value !== 'boolean')
      throw new ArgumentError(`${name}: ${key} must be true or false, got ${shown(value)}`)
  }
}

/** Numbers >= 0, such as what is added to a variance. */
export function requireNonNegative(name: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(numbers)) {
    if (!(typeof value === 'number' && value >= 0 && value < Infinity))
      throw new ArgumentError(`${name}: ${key} must be a finite number >= 0, got ${shown(value)}`)
  }
}

/** A probability. */
export function requireProbability(name: string, key: string, p: unknown): void {
  if (!(typeof p === 'number' && p >= 0 && p <= 1))
    throw new ArgumentError(`${name}: ${key} must lie in [0, 1], got ${shown(p)}`)
}

/** Options as they are printed: `bias=true`, strings quoted; those that are undefined are left out. */
export function settingsText(options: object): string {
  const shown = Object.entries(options).filter(([, value]) => value !== undefined && typeof value !== 'function')
  return shown.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(', ')
}
