/** Modules made of modules. Their elements are their properties 0, 1, ..., which are also their keys. */
import { ArgumentError } from '../errors/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { type Layer, Module } from './module.ts'
import { shown } from './settings.ts'

/** Elements under their indices. */
abstract class List<M extends Module> extends Module {
  [index: number]: M

  get length(): number {
    let end = 0
    while (end in this) end++
    return end
  }

  *[Symbol.iterator](): Generator<M> {
    for (let i = 0; i in this; i++) yield this[i]
  }

  /** One more at the end. */
  append(module: M): this {
    const end = this.length
    if (!(module instanceof Module)) throw notModule(this.constructor.name, end, module)
    this[end] = module
    return this
  }
}

function notModule(name: string, i: number, given: unknown): ArgumentError {
  const [what, remedy] =
    typeof given !== 'function'
      ? [shown(given), 'elements are modules, such as new nn.Linear(2, 3)']
      : given.prototype instanceof Module
        ? [`the class ${given.name}`, `did you mean new nn.${given.name}()?`]
        : ['a function', 'use a module, such as new nn.ReLU() for relu']
  return new ArgumentError(`${name}: element ${i} is ${what}; ${remedy}`)
}

/**
 * Layers one after the other.
 * @example new nn.Sequential(new nn.Linear(3, 2), new nn.ReLU()).forward(ones([1, 3])).shape // [1, 2]
 */
export class Sequential extends List<Layer> {
  constructor(...layers: Layer[]) {
    super()
    if (Array.isArray(layers[0]))
      throw new ArgumentError('Sequential: pass the modules as arguments: new nn.Sequential(...layers)')
    for (const layer of layers) this.append(layer)
  }

  forward(x: Tensor): Tensor {
    let y = x
    for (const layer of this) y = layer.forward(y)
    return y
  }
}

/**
 * A list of modules that its owner calls as it likes. A plain array as a property does as well, and a plain object is
 * what PyTorch has ModuleDict for.
 * @example new nn.ModuleList([new nn.Linear(2, 2), new nn.ReLU()]).length // 2
 */
export class ModuleList<M extends Module = Layer> extends List<M> {
  constructor(modules: Iterable<M> = []) {
    super()
    if (typeof modules?.[Symbol.iterator] !== 'function')
      throw new ArgumentError('ModuleList: takes an array of modules: new nn.ModuleList([a, b])')
    for (const module of modules) this.append(module)
  }

  forward(): never {
    throw new ArgumentError('ModuleList: has no forward of its own; call that of its elements')
  }
}
