/** What users may pass where: the checks that ops and composites share, and how messages show what they got instead. */
import { ArgumentError } from '../errors/index.ts'

/** A value as a message shows it: strings in quotes, objects by what they are. Never throws, whatever it is given. */
export function shown(x: unknown): string {
  if (typeof x === 'string') return `'${x.length > 40 ? `${x.slice(0, 40)}...` : x}'`
  if (typeof x === 'function') return 'a function'
  if (typeof x !== 'object' || x === null) return String(x)
  if (Array.isArray(x)) return x.length > 8 ? `an array of ${x.length}` : `[${x.map(shown).join(', ')}]`
  const made = x.constructor?.name
  if (!made || made === 'Object') return `an object { ${Object.keys(x).join(', ')} }`
  return `${/^[AEIOU]/.test(made) ? 'an' : 'a'} ${made}`
}

/** What kind of value stands where a tensor should. */
export const kindOf = (x: unknown): string => (x === null ? 'null' : Array.isArray(x) ? 'an array' : typeof x)

/** True for `{ ... }`, which can only be options: neither a tensor nor an array. */
export function isOptions(x: unknown): x is Readonly<Record<string, unknown>> {
  return typeof x === 'object' && x !== null && !Array.isArray(x) && !('applyOp' in x) && !ArrayBuffer.isView(x)
}

export function requireInteger(name: string, what: string, value: unknown): asserts value is number {
  if (!Number.isInteger(value)) throw new ArgumentError(`${name}: ${what} must be an integer, got ${shown(value)}`)
}

export function requireNumber(name: string, what: string, value: unknown): asserts value is number {
  if (typeof value !== 'number' || Number.isNaN(value))
    throw new ArgumentError(`${name}: ${what} must be a number, got ${shown(value)}`)
}

/** An option that is true or false. */
export function flag(name: string, what: string, value: unknown, otherwise = false): boolean {
  if (value === undefined) return otherwise
  if (typeof value !== 'boolean') throw new ArgumentError(`${name}: ${what} must be true or false, got ${shown(value)}`)
  return value
}
