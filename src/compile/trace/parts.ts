/**
 * Parameters and settings are properties of modules, which may be replaced by other ones: a trace has those that were
 * there. It is therefore compared with the modules at every call, of which it only knows that their `forward` has run.
 */
import { CompileError } from '../../errors/index.ts'
import { Module } from '../../nn/module.ts'
import { observeModules } from '../../nn/observe.ts'
import { Tensor } from '../../tensor/index.ts'
import { isPoison } from './poison.ts'

type Holder = Record<string, unknown>

/** Longer lists are data rather than settings, which are not looked at before every call. */
const LONGEST = 16

/** The properties of modules that a trace depends on: `holders[i][keys[i]]` is `values[i]`. */
export class Parts {
  private readonly holders: Holder[] = []
  private readonly keys: string[] = []
  private readonly values: unknown[] = []

  /** @param matters whether a tensor is part of the trace. */
  constructor(used: UsedModules, matters: (x: Tensor) => boolean) {
    const { modules, before } = used
    everyHolder(modules, (holder) => {
      const entries = Object.entries(holder)
      const known = holder instanceof Module || entries.length <= LONGEST ? before.get(holder) : undefined
      for (const [key, value] of entries) {
        if (value instanceof Tensor ? matters(value) : value === null || modules.has(value as object))
          this.add(holder, key, value)
        // What forward itself counts is a side effect; NaN is never equal.
        else if (known && typeof value !== 'object' && value === known[key]) this.add(holder, key, value)
      }
    })
  }

  private add(holder: Holder, key: string, value: unknown): void {
    this.holders.push(holder)
    this.keys.push(key)
    this.values.push(value)
  }

  same(): boolean {
    const { holders, keys, values } = this
    for (let i = 0; i < values.length; i++) if (holders[i][keys[i]] !== values[i]) return false
    return true
  }
}

/** The modules whose `forward` ran, and what they and their lists held when it first began. */
export class UsedModules {
  readonly modules = new Set<object>()
  readonly before = new Map<object, Holder>()

  enter(module: object): void {
    if (this.modules.has(module)) return
    this.modules.add(module)
    everyHolder([module], (holder) => {
      if (!this.before.has(holder))
        this.before.set(holder, (Array.isArray(holder) ? [...holder] : { ...holder }) as Holder)
    })
  }

  /**
   * Where a property was given a tensor of the trace, which has no values, all properties are put back.
   * @returns an error that names the first such property.
   */
  putBack(): CompileError | null {
    let found: string | null = null
    for (const module of this.modules)
      everyHolder([module], (holder) => {
        for (const [key, value] of Object.entries(holder))
          if (value instanceof Tensor && isTraced(value) && this.before.get(holder)?.[key] !== value)
            found ??= `property '${key}' of ${holder instanceof Module ? '' : 'a list in '}${module.constructor.name}`
      })
    if (found === null) return null
    for (const [holder, was] of this.before) restore(holder as Holder, was)
    return new CompileError(
      `compile: ${found} was given a tensor that the function computes, which its next call would not see; change the ` +
        'tensor there in place, as in this.h.assign(next), or return the new one from the function',
    )
  }
}

const isTraced = (x: Tensor): boolean => x.box !== null || isPoison(x.storage.buffer)

function restore(holder: Holder, was: Holder): void {
  if (Array.isArray(holder)) holder.length = (was as unknown as unknown[]).length
  for (const key of Object.keys(holder)) if (!(key in was)) delete holder[key]
  for (const key of Object.keys(was)) if (holder[key] !== was[key]) holder[key] = was[key]
}

/** Visits modules and what holds parts in them, each once. */
function everyHolder(modules: Iterable<object>, visit: (holder: Holder) => void): void {
  const seen = new Set<object>()
  const walk = (holder: object): void => {
    if (seen.has(holder)) return
    seen.add(holder)
    visit(holder as Holder)
    for (const value of Object.values(holder)) if (isList(value)) walk(value)
  }
  for (const module of modules) walk(module)
}

/** Runs fn, and says which modules were used in it. */
export function watchingModules<T>(fn: (used: UsedModules) => T): T {
  const used = new UsedModules()
  const stop = observeModules<Module>({ entered: (module) => used.enter(module) })
  try {
    return fn(used)
  } finally {
    stop()
  }
}

/** What holds parts beside modules that are used: arrays, objects written as `{ ... }`, lists of modules. */
const isList = (x: unknown): x is object =>
  Array.isArray(x) ||
  x instanceof Module ||
  (typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype)
