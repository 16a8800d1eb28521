/**
 * Finding what a module is made of: its properties, and what arrays and plain objects among them hold. Nothing is
 * registered, so that what cannot be found would be left out of training without a word; hence the check of Map and Set.
 */
import { ArgumentError } from '../errors/index.ts'

/** A module or tensor under its key, found in the property of that name. */
export interface Part<P> {
  readonly key: string
  readonly value: P
  readonly property: string
}

/** The one place where property names become keys: camelCase to snake_case. */
export const keyOf = (property: string): string =>
  property.replace(/(?<=[a-z0-9])[A-Z]+/g, (hump) => `_${hump.toLowerCase()}`)

/**
 * The parts among the properties of `owner`, and those in its Maps and Sets, which are not parts of it.
 * @throws ArgumentError where two of them have the same key.
 */
export function findParts<P>(
  owner: object,
  isPart: (x: unknown) => x is P,
): { readonly parts: Part<P>[]; readonly hidden: Part<P>[] } {
  const parts: Part<P>[] = []
  const hidden: Part<P>[] = []
  for (const [property, value] of Object.entries(owner)) {
    const visit = (x: unknown, key: string, to: Part<P>[], above: readonly unknown[]): void => {
      if (typeof x !== 'object' || x === null) return
      if (isPart(x)) to.push({ key, value: x, property })
      else if (!above.includes(x)) {
        const into = x instanceof Map || x instanceof Set ? hidden : to
        for (const [name, inner] of contentsOf(x)) visit(inner, `${key}.${name}`, into, [...above, x])
      }
    }
    visit(value, keyOf(property), parts, [])
  }
  checkKeys(owner.constructor.name, parts)
  return { parts, hidden }
}

/** What is looked through: arrays, objects written as `{ ... }`, Maps and Sets. Other classes keep their own to themselves. */
function* contentsOf(x: object): Generator<[name: string | number, inner: unknown]> {
  if (Array.isArray(x)) yield* x.entries()
  else if (x instanceof Map || x instanceof Set) {
    for (const inner of x.values()) yield ['', inner]
  } else if (Object.getPrototypeOf(x) === Object.prototype || Object.getPrototypeOf(x) === null) {
    for (const [name, inner] of Object.entries(x)) yield [keyOf(name), inner]
  }
}

function checkKeys(name: string, parts: readonly Part<unknown>[]): void {
  const seen = new Map<string, string>()
  for (const { key, property } of parts) {
    const other = seen.get(key)
    if (other !== undefined) {
      const which = other === property ? `two entries of '${property}'` : `properties '${other}' and '${property}'`
      throw new ArgumentError(`${name}: ${which} have the same key '${key}'; rename one`)
    }
    seen.set(key, property)
  }
}
