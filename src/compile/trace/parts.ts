/**
 * Parameters are properties of modules, which may be replaced by other ones: a trace reads those that were there. It is
 * therefore compared with the modules at every call, of which it only knows that their `forward` has run.
 */
import { Module } from '../../nn/module.ts'
import { observeModules } from '../../nn/observe.ts'
import { Tensor } from '../../tensor/index.ts'

/** The properties of modules that a trace depends on: `holders[i][keys[i]]` is `values[i]`. */
export class Parts {
  private readonly holders: Record<string, unknown>[] = []
  private readonly keys: string[] = []
  private readonly values: unknown[] = []

  /** @param matters whether a tensor is part of the trace. */
  constructor(modules: ReadonlySet<object>, matters: (x: Tensor) => boolean) {
    const seen = new Set<object>()
    const visit = (holder: object): void => {
      if (seen.has(holder)) return
      seen.add(holder)
      for (const [key, value] of Object.entries(holder)) {
        if (value instanceof Tensor) {
          if (matters(value)) this.add(holder, key, value)
        } else if (value === null || modules.has(value)) this.add(holder, key, value)
        else if (isList(value)) visit(value)
      }
    }
    for (const module of modules) visit(module)
  }

  private add(holder: object, key: string, value: unknown): void {
    this.holders.push(holder as Record<string, unknown>)
    this.keys.push(key)
    this.values.push(value)
  }

  same(): boolean {
    const { holders, keys, values } = this
    for (let i = 0; i < values.length; i++) if (holders[i][keys[i]] !== values[i]) return false
    return true
  }
}

/** Runs fn, and says which modules were used in it. */
export function watchingModules<T>(fn: (modules: ReadonlySet<object>) => T): T {
  const modules = new Set<object>()
  const stop = observeModules<Module>({ entered: (module) => void modules.add(module) })
  try {
    return fn(modules)
  } finally {
    stop()
  }
}

/** What holds parts beside modules that are used: arrays, objects written as `{ ... }`, lists of modules. */
const isList = (x: unknown): x is object =>
  Array.isArray(x) ||
  x instanceof Module ||
  (typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype)
