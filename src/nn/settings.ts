/** How constructors read what they are given. */

import { ArgumentError, checkOptions } from '../errors/index.ts'

/** Settings given by name in one object or in order, as PyTorch takes them: `LeakyReLU({ negativeSlope: 0.2 })`, `LeakyReLU(0.2)`. */
export function settings<T extends object>(name: string, given: readonly unknown[], defaults: T): T {
  const [first] = given
  if (typeof first === 'object' && first !== null && !Array.isArray(first)) {
    checkOptions(name, first, Object.keys(defaults))
    return { ...defaults, ...defined(first) }
  }
  const named = Object.keys(defaults).map((key, i) => [key, given[i]])
  return { ...defaults, ...defined(Object.fromEntries(named)) }
}

const defined = (options: object): object =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

/** Sizes of layers are positive integers. */
export function requireSizes(name: string, sizes: Readonly<Record<string, number>>): void {
  for (const [key, n] of Object.entries(sizes)) {
    if (!Number.isInteger(n) || n < 1)
      throw new ArgumentError(`${name}: ${key} must be a positive integer, got ${String(n)}`)
  }
}

/** Options as they are printed: `bias=true`, strings quoted; those that are undefined are left out. */
export function settingsText(options: object): string {
  const shown = Object.entries(options).filter(([, value]) => value !== undefined && typeof value !== 'function')
  return shown.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(', ')
}
