/** Options are closed sets, given by name: a misspelt or misplaced one is an error, not a default in silence. */
import { ArgumentError } from './argument-error.ts'

/** Throws an ArgumentError unless `options` is an object all of whose keys are known; it names the first that is not. */
export function checkOptions(name: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options) || ArrayBuffer.isView(options))
    throw misplaced(name, options, known)
  for (const key in options) {
    if (known.includes(key)) continue
    // A tensor or a module in the place of the options: none of its properties was meant as one.
    if (!isPlain(options)) throw misplaced(name, options, known)
    throw new ArgumentError(`${name}: unknown option '${key}'; it takes { ${known.join(', ')} }`)
  }
}

/** Whether x was written as `{ ... }`, in whatever realm, and not made by a class. */
function isPlain(x: object): boolean {
  const prototype = Object.getPrototypeOf(x)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function misplaced(name: string, given: unknown, [first]: readonly string[]): ArgumentError {
  const simple = (typeof given !== 'object' && typeof given !== 'function') || given === null
  const shown = typeof given === 'string' ? `'${given}'` : simple ? String(given) : nounFor(given)
  const example = simple && given !== null && given !== undefined ? shown : '...'
  return new ArgumentError(`${name}: options come last as one object, as in { ${first}: ${example} }; got ${shown}`)
}

const nounFor = (given: unknown): string =>
  typeof given === 'function' ? 'a function' : Array.isArray(given) ? 'an array' : `a ${given!.constructor.name}`
