/** What layers and parameters are called: by the keys of the model, by the names of tensors, or by what made them. */
import type { Module } from '../../nn/module.ts'
import type { Tensor } from '../../tensor/index.ts'
import { type GivenNames, Names } from '../names.ts'
import type { ModuleCall, Seen } from './watch.ts'

export class Keys {
  /** The module whose keys need no prefix: the one given, or the only one with parameters that was called. */
  readonly model: Module | undefined
  readonly #modules = new Map<Module, string>()
  readonly #names: Names
  /** How often a name was asked for. */
  readonly #taken = new Map<string, number>()
  #count = 0

  constructor(calls: readonly ModuleCall[], model: Module | undefined, names: GivenNames | undefined) {
    const outermost = [...new Set(calls.filter(({ parent }) => !parent).map(({ module }) => module))]
    const trained = outermost.filter((module) => module.parameters().length > 0)
    this.model = model ?? (trained.length === 1 ? trained[0] : undefined)
    this.#names = new Names(names ?? this.model ?? {})
    if (this.model) this.#add(this.model, '')
    for (const module of outermost) if (!this.#modules.has(module)) this.#add(module, this.module(module))
  }

  #add(root: Module, prefix: string): void {
    for (const [key, module] of root.namedModules()) {
      const path = [prefix, key].filter((part) => part !== '').join('.')
      if (!this.#modules.has(module)) this.#modules.set(module, this.#unique(path || kindOf(module)))
    }
  }

  module(module: Module): string {
    let key = this.#modules.get(module)
    if (key === undefined) this.#modules.set(module, (key = this.#unique(kindOf(module))))
    return key
  }

  /** A function called between modules: by the one before it, as in `fc1 → relu`, or the one it is called in. */
  between(name: string, after: ModuleCall | null, inside: ModuleCall | null): string {
    if (after) return this.#unique(`${this.module(after.module)} → ${name}`)
    return this.#unique(inside && inside.module !== this.model ? `${this.module(inside.module)}.${name}` : name)
  }

  /** A result outside of all modules: by its own name, else by what it is a result of. */
  result(y: Tensor, name: string): string {
    return this.#unique(y.name ?? name)
  }

  parameter(x: Tensor): string {
    return this.#names.of(x, x, `p${++this.#count}`)
  }

  #unique(wanted: string): string {
    let name = wanted
    let n = this.#taken.get(wanted) ?? 0
    while (this.#taken.has(name)) name = `${wanted}#${++n}`
    this.#taken.set(wanted, Math.max(n, 1))
    if (name !== wanted) this.#taken.set(name, 1)
    return name
  }
}

export const kindOf = (module: Module): string => module.constructor.name

/**
 * The parameters to be told of: those that are meant to be trained, because the model or the optimizer has them, and every
 * other leaf that got a gradient; where there is neither model nor optimizer, every leaf with a gradient that was read.
 */
export function trainable(
  seen: Seen,
  model: Module | undefined,
  optimized: readonly Tensor[],
  gradient: (x: Tensor) => Tensor | null,
): Tensor[] {
  const meant = [...(model?.parameters() ?? []), ...optimized].filter((x) => x.requiresGrad)
  const found = new Set(meant)
  for (const { inputs, backward } of seen.applications) {
    if (backward) continue
    for (const x of inputs)
      if (typeof x !== 'number' && x.tracked && !x.gradFn && !x.box && (meant.length === 0 || gradient(x))) found.add(x)
  }
  return [...found]
}
