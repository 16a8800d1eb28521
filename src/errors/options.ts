/** Options are closed sets: a misspelt one is an error, not a default in silence. */
import { ArgumentError } from './argument-error.ts'

/** Throws an ArgumentError that names the first key of `options` that is not known. */
export function checkOptions(name: string, options: object, known: readonly string[]): void {
  for (const key in options) {
    if (!known.includes(key))
      throw new ArgumentError(`${name}: unknown option '${key}'; it takes { ${known.join(', ')} }`)
  }
}
