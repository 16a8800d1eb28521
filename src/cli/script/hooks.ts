/**
 * How the modules of a script are found and loaded: as Node does it, except that the user's own are instrumented, that
 * TypeScript and imports without an ending are understood, and that `chainrule` always means this very package, for
 * what observes the engine must be the same instance as the engine. The hooks do not wait for anything, so that they
 * serve both `module.registerHooks` (in the thread of the script) and the older `module.register` (in its own).
 */
import { readFileSync } from 'node:fs'
import { instrument } from '../../explain/instrument/index.ts'
import { entries, findModule, observedFile, shownPath } from './modules.ts'

const cwd = process.cwd()

/** As far as it is used here. */
interface Context {
  readonly parentURL?: string
  readonly importAttributes?: { readonly type?: string }
}

export function resolve<R>(specifier: string, context: Context, next: (s: string, context: Context) => R): R {
  const { parentURL, importAttributes } = context
  const entry = /^chainrule(\/.*)?$/.exec(specifier)
  if (entry) {
    if (!entries().includes(`.${entry[1] ?? ''}`)) throw failure(`there is no '${specifier}'`, specifier, parentURL)
    return next(specifier, { ...context, parentURL: import.meta.url })
  }
  if (!parentURL?.startsWith('file:') || !observedFile(parentURL)) return next(specifier, context)
  if (!/^(?:\.{0,2}\/|file:)/.test(specifier)) return next(specifier, context)
  const found = findModule(specifier, parentURL)
  if (!found) throw failure(`cannot find '${specifier}'`, specifier, parentURL)
  if (/\.json$/.test(new URL(found).pathname) && importAttributes?.type !== 'json')
    throw failure(`JSON is imported as data: import x from '${specifier}' with { type: 'json' }`, specifier, parentURL)
  return next(found, context)
}

/** An error that tells who imported what, from which the place can be found. */
const failure = (problem: string, specifier: string, importer?: string): Error =>
  Object.assign(new Error(problem), { code: 'CHAINRULE_IMPORT', specifier, importer })

export interface Loaded {
  readonly format: string
  readonly source: string
  readonly shortCircuit: true
}

export function load<R>(url: string, context: Context, next: (url: string, context: Context) => R): R | Loaded {
  const file = observedFile(url)
  if (!file) return next(url, context)
  const { code } = instrument(readFileSync(file, 'utf8'), { path: shownPath(file, cwd) })
  return { format: 'module', source: code, shortCircuit: true }
}
