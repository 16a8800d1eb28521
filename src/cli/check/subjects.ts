/** What of a script's exports has gradients that can be checked, and why the rest has none. */
import { Module } from '../../nn/index.ts'
import { Tensor } from '../../tensor/index.ts'
import { callText, type Signature, signatureOf } from './signature.ts'

/** A function or a module under its name among the exports. */
export interface Subject {
  readonly name: string
  /** `square(x)`, or the name of a module. */
  readonly title: string
  readonly call: (...args: unknown[]) => unknown
  readonly signature: Signature
  /** How many arguments it cannot do without. */
  readonly required: number
  readonly module: Module | null
}

/** An export that is left out, and what it is. */
export interface Skipped {
  readonly name: string
  readonly why: string
}

/** The export under which a script gives its inputs. */
export const INPUTS = 'inputs'

export type Exports = Readonly<Record<string, unknown>>

/** The exports in the order of their names; what is exported under two names is taken once. */
export function sortExports(exports: Exports): { subjects: Subject[]; skipped: Skipped[] } {
  const subjects: Subject[] = []
  const skipped: Skipped[] = []
  const seen = new Set<unknown>()
  const entries = Object.entries(exports).filter(([name]) => name !== INPUTS)
  for (const [name, value] of entries.sort(([a], [b]) => Number(a === 'default') - Number(b === 'default'))) {
    const found = seen.has(value) ? 'the same as another export' : subjectOf(name, value)
    if (typeof value === 'function' || value instanceof Module) seen.add(value)
    if (typeof found === 'string') skipped.push({ name, why: found })
    else subjects.push(found)
  }
  return { subjects, skipped }
}

/** What can be checked, or what it is instead. */
function subjectOf(name: string, value: unknown): Subject | string {
  if (value instanceof Module) {
    const forward = value.forward as (...args: unknown[]) => unknown
    const call = (...args: unknown[]) => value.forward(...args)
    return { name, title: name, call, signature: signatureOf(forward), required: forward.length, module: value }
  }
  if (typeof value !== 'function') return whatIs(value)
  const f = value as (...args: unknown[]) => unknown
  const signature = signatureOf(f)
  if (signature.isClass) return hasForward(f) ? `a class; export an instance of it` : 'a class'
  return { name, title: callText(name, signature), call: f, signature, required: f.length, module: null }
}

const hasForward = (f: object): boolean => (f as { readonly prototype?: object }).prototype instanceof Module

function whatIs(value: unknown): string {
  if (value instanceof Tensor) return 'a tensor'
  if (Array.isArray(value)) return 'an array'
  if (value === null || value === undefined) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  const holds = Object.values(value).some((v) => typeof v === 'function' || v instanceof Module)
  return holds ? 'an object; export each function in it by itself' : 'an object'
}
