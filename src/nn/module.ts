/**
 * What a network is made of. A module is an object with a `forward`; its parameters, buffers and submodules are simply
 * its properties, found when asked for (see `parts.ts`). Keys are the paths of properties, written as PyTorch writes
 * them, so that weights can be exchanged: `selfAttn.inProjWeight` is `self_attn.in_proj_weight`.
 */
import { ArgumentError, checkOptions, DTypeError } from '../errors/index.ts'
import { checkDType, isFloating } from '../ops/dtype.ts'
import type { DType } from '../ops/value.ts'
import { Tensor, tracing } from '../tensor/index.ts'
import { convert } from './convert.ts'
import { noticeClass } from './observe.ts'
import { isParameter } from './parameter.ts'
import { findParts, type Part } from './parts.ts'
import { requireFlags } from './settings.ts'
import { type LoadOptions, type LoadResult, loadInto, type StateDict, snapshot } from './state.ts'

/** A module that maps one tensor to one tensor. */
export interface Layer extends Module {
  forward(x: Tensor): Tensor
}

/**
 * The base of all layers and networks: assign parameters and modules to properties, write `forward`.
 * They are found in properties and in the arrays and plain objects there, nested as you like: `this.heads = { a, b }`
 * has the keys `heads.a` and `heads.b`. They are not found in `#private` fields, which no other code can see, nor
 * behind getters, nor in objects of other classes; in a Map or Set they are an error.
 * @example new nn.Linear(2, 3).parameters().length // 2
 */
export abstract class Module {
  #training = true
  /** Names of the properties that are buffers, and whether they belong to the state dict. */
  readonly #buffers = new Map<string, boolean>()

  constructor() {
    noticeClass(new.target, Module.prototype)
  }

  /** Whether dropout drops and batch norms learn their statistics: see `train` and `eval`. */
  get training(): boolean {
    const mode = this.#training
    tracing.tracer?.guardRarely(() => this.#training === mode)
    return mode
  }

  set training(mode: boolean) {
    if (mode !== this.#training) tracing.epoch++
    this.#training = mode
  }

  /** Subclasses say what they take and return; for one tensor to one tensor there is the type `Layer`. */
  abstract forward(...inputs: unknown[]): unknown

  /** Makes a property that is state but no parameter, such as a running mean. Null reserves the name. */
  registerBuffer(name: string, tensor: Tensor | null, options: { readonly persistent?: boolean } = {}): void {
    checkOptions('registerBuffer', options, ['persistent'])
    const { persistent = true } = options
    requireFlags('registerBuffer', { persistent })
    if (tensor !== null && !(tensor instanceof Tensor))
      throw new ArgumentError(`registerBuffer: '${name}' must be a tensor or null, got ${typeof tensor}`)
    if (name in this && !this.#buffers.has(name))
      throw new ArgumentError(`registerBuffer: '${name}' is already a property of this ${this.constructor.name}`)
    this.#buffers.set(name, persistent)
    ;(this as Record<string, unknown>)[name] = tensor
  }

  /** The modules and tensors of this one's own. */
  #parts(): Part<Module | Tensor>[] {
    const { parts, hidden } = findParts(this, isPart)
    if (hidden.length > 0) this.#checkHidden(parts, hidden)
    return parts
  }

  /** Maps and Sets may name what has its place elsewhere in this module, nothing more. */
  #checkHidden(parts: readonly Part<Module | Tensor>[], hidden: readonly Part<Module | Tensor>[]): void {
    const placed = new Set<unknown>([this])
    for (const { value } of parts) {
      placed.add(value)
      if (value instanceof Module) for (const x of [...value.modules(), ...value.parameters()]) placed.add(x)
    }
    const lost = hidden.find(({ value }) => !placed.has(value) && (value instanceof Module || isParameter(value)))
    if (!lost) return
    const what = lost.value instanceof Module ? 'a module' : 'a parameter'
    throw new ArgumentError(
      `${this.constructor.name}: property '${lost.property}' holds ${what} in a Map or Set, where it has no key; ` +
        `use an array, an object { name: module } or nn.ModuleList (or a #private field, if it is not part of this module)`,
    )
  }

  /** The submodules that are properties of this one. */
  namedChildren(): [key: string, module: Module][] {
    return unique(
      this.#parts().flatMap(({ key, value }) => (value instanceof Module ? [[key, value] as [string, Module]] : [])),
    )
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
    const below = this.#parts().flatMap(({ key, value }) =>
      value instanceof Module
        ? value.#everywhere([...above, this]).map(([path, m]) => [join(key, path), m] as [string, Module])
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
    for (const { key, value: x, property } of this.#parts()) {
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

  /**
   * Copies of the parameters and buffers by key, in PyTorch's order. Training goes on without them, so that what is
   * kept as the best state so far stays that (PyTorch's would change with the module).
   */
  stateDict(): StateDict {
    return Object.fromEntries(this.#state().map(([key, x]) => [key, snapshot(x)]))
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
    requireFlags('train', { mode })
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
    requireFlags('requiresGrad_', { requiresGrad })
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

const isPart = (x: unknown): x is Module | Tensor => x instanceof Module || x instanceof Tensor

const join = (path: string, key: string): string => (path && key ? `${path}.${key}` : path || key)

/** The first pair for every value. */
function unique<T>(pairs: readonly [string, T][]): [string, T][] {
  const seen = new Set<T>()
  return pairs.filter(([, value]) => !seen.has(value) && seen.add(value))
}
