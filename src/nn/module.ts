/**
 * What a network is made of. A module is an object with a `forward`; its parameters, buffers and submodules are simply
 * its properties (arrays of them included), found when asked for. Keys are the paths of properties, written as PyTorch
 * writes them, so that weights can be exchanged: `selfAttn.inProjWeight` is `self_attn.in_proj_weight`.
 */
import { ArgumentError, DTypeError } from '../errors/index.ts'
import { checkDType, isFloating } from '../ops/dtype.ts'
import type { DType } from '../ops/value.ts'
import { Tensor } from '../tensor/index.ts'
import { convert } from './convert.ts'
import { isParameter } from './parameter.ts'
import { type LoadOptions, type LoadResult, loadInto, type StateDict } from './state.ts'

/** The one place where property names become keys: camelCase to snake_case. */
export const keyOf = (property: string): string =>
  property.replace(/(?<=[a-z0-9])[A-Z]+/g, (hump) => `_${hump.toLowerCase()}`)

/** A module that maps one tensor to one tensor. */
export type Layer = Module & { forward(x: Tensor): Tensor }

/**
 * The base of all layers and networks: assign parameters and modules to properties, write `forward`.
 * @example new nn.Linear(2, 3).parameters().length // 2
 */
export abstract class Module {
  /** Whether dropout drops and batch norms learn their statistics: see `train` and `eval`. */
  training = true
  /** Names of the properties that are buffers, and whether they belong to the state dict. */
  readonly #buffers = new Map<string, boolean>()

  abstract forward(...inputs: never[]): unknown

  /** Makes a property that is state but no parameter, such as a running mean. Null reserves the name. */
  registerBuffer(
    name: string,
    tensor: Tensor | null,
    { persistent = true }: { readonly persistent?: boolean } = {},
  ): void {
    if (name in this && !this.#buffers.has(name))
      throw new ArgumentError(`registerBuffer: '${name}' is already a property of this ${this.constructor.name}`)
    this.#buffers.set(name, persistent)
    ;(this as Record<string, unknown>)[name] = tensor
  }

  /** Own properties under their keys; arrays count as the list of their elements. */
  *#properties(): Generator<[key: string, value: unknown, property: string]> {
    const seen = new Map<string, string>()
    for (const [property, value] of Object.entries(this)) {
      const key = keyOf(property)
      const found = Array.isArray(value) ? value.map((x, i) => [`${key}.${i}`, x] as const) : ([[key, value]] as const)
      for (const [path, x] of found) {
        if (!(x instanceof Module) && !(x instanceof Tensor)) continue
        const other = seen.get(path)
        if (other !== undefined)
          throw new ArgumentError(
            `${this.constructor.name}: properties '${other}' and '${property}' have the same key '${path}'; rename one`,
          )
        seen.set(path, property)
        yield [path, x, property]
      }
    }
  }

  /** The submodules that are properties of this one. */
  namedChildren(): [key: string, module: Module][] {
    const found = [...this.#properties()].flatMap(([key, x]) =>
      x instanceof Module ? [[key, x] as [string, Module]] : [],
    )
    return unique(found)
  }

  children(): Module[] {
    return this.namedChildren().map(([, module]) => module)
  }

  /** This module under the key '' and all below it, each once. */
  namedModules(): [key: string, module: Module][] {
    return unique(this.#everywhere())
  }

  modules(): Module[] {
    return this.namedModules().map(([, module]) => module)
  }

  /** All modules under every path that leads to them, a parent before its children. */
  #everywhere(above: readonly Module[] = []): [key: string, module: Module][] {
    if (above.includes(this)) throw new ArgumentError(`${this.constructor.name}: a module cannot contain itself`)
    const below = [...this.#properties()].flatMap(([key, x]) =>
      x instanceof Module
        ? x.#everywhere([...above, this]).map(([path, m]) => [join(key, path), m] as [string, Module])
        : [],
    )
    return [['', this], ...below]
  }

  /** Tensors of every module, of one sort or the other, under every path. */
  #tensors(sort: 'parameter' | 'buffer', persistentOnly = false): [key: string, tensor: Tensor][] {
    return this.#everywhere().flatMap(([path, module]) =>
      module.#own(sort, persistentOnly).map(([key, x]) => [join(path, key), x] as [string, Tensor]),
    )
  }

  #own(sort: 'parameter' | 'buffer', persistentOnly: boolean): [key: string, tensor: Tensor][] {
    const found: [string, Tensor][] = []
    for (const [key, x, property] of this.#properties()) {
      if (!(x instanceof Tensor)) continue
      const buffer = this.#buffers.has(property)
      if (sort === 'buffer' ? buffer && (!persistentOnly || this.#buffers.get(property)) : !buffer && isParameter(x))
        found.push([key, x])
    }
    return found
  }

  /** Every parameter once, under its first key. */
  namedParameters(): [key: string, parameter: Tensor][] {
    return unique(this.#tensors('parameter'))
  }

  parameters(): Tensor[] {
    return this.namedParameters().map(([, parameter]) => parameter)
  }

  namedBuffers(): [key: string, buffer: Tensor][] {
    return unique(this.#tensors('buffer'))
  }

  buffers(): Tensor[] {
    return this.namedBuffers().map(([, buffer]) => buffer)
  }

  /** Parameters and buffers by key, in PyTorch's order. The tensors share their elements with the module. */
  stateDict(): StateDict {
    return Object.fromEntries(this.#state().map(([key, x]) => [key, x.detach()]))
  }

  #state(): [key: string, tensor: Tensor][] {
    return this.#everywhere().flatMap(([path, module]) =>
      [...module.#own('parameter', true), ...module.#own('buffer', true)].map(
        ([key, x]) => [join(path, key), x] as [string, Tensor],
      ),
    )
  }

  /**
   * Copies values into the parameters and buffers. All is checked before anything is changed.
   * @throws ArgumentError that lists every missing and unexpected key (unless `strict` is false), wrong shape and dtype.
   */
  loadStateDict(state: StateDict, options: LoadOptions = {}): LoadResult {
    return loadInto(this.constructor.name, new Map(this.#state()), state, options)
  }

  /** Sets the mode of this module and all below it: true for training, false for evaluation. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode
    return this
  }

  eval(): this {
    return this.train(false)
  }

  /**
   * Converts floating point parameters and buffers, in place: optimizers that hold them go on with them.
   * @throws DTypeError for a dtype that is not floating point.
   */
  to(dtype: DType): this {
    if (!isFloating(checkDType('to', dtype))) throw new DTypeError(`to: parameters are floating point, got ${dtype}`)
    for (const x of [...this.parameters(), ...this.buffers()]) convert(x, dtype)
    return this
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null
  }

  /** Freezes all parameters (false) or unfreezes them. */
  requiresGrad_(requiresGrad = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad = requiresGrad
    return this
  }

  /** Calls `fn` with every module, children first, this one last. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn)
    fn(this)
    return this
  }

  /** What stands in parentheses when the module is printed. */
  extraRepr(): string {
    return ''
  }

  /** The tree of modules, as PyTorch prints it. */
  toString(): string {
    const children = this.namedChildren().map(
      ([key, child]) => `(${key}): ${child.toString().replaceAll('\n', '\n  ')}`,
    )
    const extra = this.extraRepr()
    if (children.length === 0) return `${this.constructor.name}(${extra})`
    return `${this.constructor.name}(\n  ${[...(extra ? [extra] : []), ...children].join('\n  ')}\n)`
  }

  /** What Node's console shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

const join = (path: string, key: string): string => (path && key ? `${path}.${key}` : path || key)

/** The first pair for every value. */
function unique<T>(pairs: readonly [string, T][]): [string, T][] {
  const seen = new Set<T>()
  return pairs.filter(([, value]) => !seen.has(value) && seen.add(value))
}
