/** Whether the values that were given are those that a formula needs, and what was probably meant where they are not. */
import { ArgumentError } from '../../errors/index.ts'
import { clipped, quoted } from './formula-error.ts'
import { library } from './library.ts'
import { didYouMean, inWords, nearest } from './nearest.ts'

export interface Names {
  readonly inputs: readonly string[]
  readonly assigned: readonly string[]
  /** The constants it mentions, which may be given another value. */
  readonly constants: readonly string[]
}

/** How many names a message lists. */
const MOST = 10

/** @throws ArgumentError that lists the names without a value and the values without a use. */
export function checkNames(names: Names, given: readonly string[]): void {
  const { inputs, constants } = names
  const [has, takes] = [new Set(given), new Set([...inputs, ...constants])]
  const missing = inputs.filter((name) => !has.has(name))
  const unused = given.filter((name) => !takes.has(name))
  const problems: string[] = []
  if (missing.length > 0) {
    const listed = missing.slice(0, MOST).map(clipped)
    const more = missing.length > MOST ? [`${missing.length - MOST} more`] : []
    problems.push(`no value for ${inWords([...listed, ...more])}; give it as in --at ${listed.join('=...,')}=...`)
    problems.push(...missing.slice(0, MOST).flatMap((name) => hintFor(name, names)))
  }
  const known = new Set([...given, ...inputs])
  const products = missing.slice(0, MOST).flatMap((name) => factorsOf(name, known))
  for (const [a, b] of products) problems.push(`${a}${b} is one name; a product is ${a}*${b}`)
  for (const name of unused.filter((n) => !products.flat().includes(n)).slice(0, MOST)) {
    const meant = didYouMean(nearest(name, missing.length > 0 ? missing : inputs)) || uses(inputs)
    problems.push(`${quoted(name)} has a value but does not occur in the formula${meant}`)
  }
  if (problems.length > 0) throw new ArgumentError(`formula: ${problems.join('\n  ')}`)
}

function uses(inputs: readonly string[]): string {
  if (inputs.length === 0) return ', which needs no values'
  return inputs.length > MOST ? '' : `, which uses ${inWords(inputs.map(clipped))}`
}

function hintFor(name: string, { assigned }: Names): string[] {
  if (assigned.includes(name)) return [`${clipped(name)} is used before the line that computes it`]
  if (library.has(name)) return [`${name} is a function: ${name}(...)`]
  return name === 'T' ? ["a transpose is x' or x.T"] : []
}

/** The name as two that are known, where someone left out the * between them. */
function factorsOf(name: string, known: ReadonlySet<string>): (readonly [string, string])[] {
  if (name.length > 40) return []
  const cuts = Array.from(name, (_, i) => [name.slice(0, i), name.slice(i)] as const)
  return cuts.filter(([a, b]) => known.has(a) && known.has(b)).slice(0, 1)
}
