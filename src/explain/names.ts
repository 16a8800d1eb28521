/**
 * What the values of a program are called: by the name that the user gave, else by the key of the parameter in its
 * module, else v1, v2, ... in the order of the program. No two values have the same name: the second `h` is h#2.
 */
import { ArgumentError } from '../errors/index.ts'
import { Module } from '../nn/module.ts'
import { shown } from '../ops/arguments.ts'
import { Tensor } from '../tensor/index.ts'
import { Locator } from './graph/offsets.ts'

/**
 * Names given from outside: tensors by name, a module whose parameters are named by their keys, or a recording, in which
 * every value has a name already.
 */
export type GivenNames = Readonly<Record<string, Tensor>> | Module | RecordedNames

export interface RecordedNames {
  readonly nodes: readonly { readonly tensor: Tensor; readonly name: string; readonly named: boolean }[]
}

export class Names {
  readonly #given: ReadonlyMap<Tensor, string>
  /** Names that the program does not have itself, but that these values go by elsewhere. */
  readonly #numbered: ReadonlyMap<Tensor, string>
  readonly #chosen = new Map<object, string>()
  /** What tensors without a name of their own were first called: when they have changed in place, they are that again. */
  readonly #first = new Map<Tensor, string>()
  readonly #taken = new Set<string>()
  /** With which number to go on where a name is taken. */
  readonly #repeats = new Map<string, number>()
  /** Names that the program uses itself: what has none is called otherwise. */
  readonly #reserved = new Set<string>()
  #count = 0

  /** @throws ArgumentError where `given` is none of what `GivenNames` says. */
  constructor(given: GivenNames = {}) {
    if (typeof given !== 'object' || given === null)
      throw new ArgumentError(`names: takes { name: tensor }, a module or a recording, got ${shown(given)}`)
    const nodes = isRecorded(given)
      ? given.nodes
      : pairsOf(given).map(([name, tensor]) => ({ tensor, name, named: true }))
    // Of several names, the first: a value that changes has one more each time.
    const map = (named: boolean) =>
      new Map(nodes.flatMap((x) => (x.named === named ? [[x.tensor, x.name] as const] : [])).reverse())
    this.#given = map(true)
    this.#numbered = map(false)
  }

  /** What the program itself calls the tensor. */
  known(x: Tensor): string | undefined {
    return this.#given.get(x) ?? x.name
  }

  /** Keeps the name of a value of the program, if it has one, from those that have none. */
  reserve(x: Tensor): void {
    const name = this.known(x)
    if (name !== undefined) this.#reserved.add(name)
  }

  /**
   * The name of a value, the same whenever it is asked for.
   * @param key the object that stands for the value.
   * @param fallback its name if the program has none for it and nothing else is called so.
   */
  of(key: object, x: Tensor, fallback?: string): string {
    const before = this.#chosen.get(key)
    if (before !== undefined) return before
    const wanted = this.known(x) ?? this.#numbered.get(x) ?? this.#first.get(x) ?? this.#unnamed(fallback)
    let name = wanted
    for (let n = this.#repeats.get(wanted) ?? 2; this.#taken.has(name); n++) {
      name = `${wanted}#${n}`
      this.#repeats.set(wanted, n + 1)
    }
    this.#taken.add(name)
    this.#chosen.set(key, name)
    if (!this.#first.has(x)) this.#first.set(x, wanted)
    return name
  }

  #unnamed(fallback: string | undefined): string {
    return fallback !== undefined && this.#isFree(fallback) ? fallback : this.#next()
  }

  #next(): string {
    let name: string
    do name = `v${++this.#count}`
    while (!this.#isFree(name))
    return name
  }

  #isFree(name: string): boolean {
    return !this.#taken.has(name) && !this.#reserved.has(name)
  }
}

const isRecorded = (given: GivenNames): given is RecordedNames => Array.isArray((given as RecordedNames).nodes)

function pairsOf(given: Exclude<GivenNames, RecordedNames>): [string, Tensor][] {
  if (given instanceof Module) return given.namedParameters()
  const pairs = Object.entries(given)
  for (const [name, x] of pairs)
    if (!(x instanceof Tensor)) throw new ArgumentError(`names: '${name}' is to be a tensor, got ${shown(x)}`)
  return pairs
}

/** `W1[0,2]`, or `b` for the one element of b. */
export function elementName(name: string, x: Tensor, index: number): string {
  return x.size === 1 ? name : `${name}[${new Locator(x.shape).coordinates(index).join(',')}]`
}
