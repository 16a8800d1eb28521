/** Which modules are at work: a path of their keys, as a program that prints its model would name them. */
import type { Module } from '../../nn/module.ts'
import type { Tensor } from '../../tensor/index.ts'

export class ModulePath {
  /** The labels of the modules at work, the outermost first; a new array whenever it changes. */
  path: readonly string[] = []
  readonly #stack: { readonly module: Module; readonly entered: boolean }[] = []
  readonly #keys = new WeakMap<Module, Map<Module, string>>()
  readonly #parameters: Map<Tensor, string>

  /** @param parameters receives the key of every parameter of the modules that are called from outside. */
  constructor(parameters: Map<Tensor, string>) {
    this.#parameters = parameters
  }

  enter(module: Module): void {
    const above = this.#stack.at(-1)?.module
    // A class that calls the forward of its parent class is still the same module.
    const entered = above !== module
    this.#stack.push({ module, entered })
    if (!entered) return
    if (!above) for (const [key, x] of module.namedParameters()) this.#parameters.set(x, x.name ?? key)
    const key = above && this.#keysOf(above).get(module)
    const kind = module.constructor.name
    this.path = [...this.path, key ? `${key}: ${kind}` : kind]
  }

  leave(): void {
    if (this.#stack.pop()?.entered) this.path = this.path.slice(0, -1)
  }

  #keysOf(module: Module): Map<Module, string> {
    let keys = this.#keys.get(module)
    if (!keys) this.#keys.set(module, (keys = new Map(module.namedModules().map(([key, m]) => [m, key]))))
    return keys
  }
}
