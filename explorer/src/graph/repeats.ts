/** Runs of like scopes: twelve blocks of one network, one after the other, can be drawn as one block ×12. */
import type { Picture } from 'chainrule/explain'
import { scopeKey } from './structure.ts'

/** Fewer than this are drawn one by one. */
const LEAST = 3

export interface Repeats {
  readonly keys: readonly string[]
  /** The run that a scope belongs to, by the scope's key. */
  readonly of: ReadonlyMap<string, { readonly key: string; readonly title: string }>
}

interface Scope {
  readonly path: readonly string[]
  /** Its ops and parameters: two scopes with the same ones do the same. Constants are where a first reader has them. */
  readonly contents: string[]
}

const found = new WeakMap<Picture, Repeats>()

export function repeatsOf(picture: Picture): Repeats {
  const before = found.get(picture)
  if (before) return before
  const of = new Map<string, { key: string; title: string }>()
  const keys: string[] = []
  for (const children of siblings(picture)) {
    for (const run of runs(children)) {
      const title = `${kindOf(run[0])} ×${run.length}`
      const key = `${scopeKey(run[0].path)}×${run.length}`
      keys.push(key)
      for (const { path } of run) of.set(scopeKey(path), { key, title })
    }
  }
  const repeats = { keys, of }
  found.set(picture, repeats)
  return repeats
}

/** The scopes in each scope, in the order in which they are entered. */
function siblings({ nodes }: Picture): Scope[][] {
  const scopes = new Map<string, Scope>()
  const inside = new Map<string, Scope[]>()
  for (const { scope, title, role } of nodes) {
    for (let d = 1; d <= scope.length; d++) {
      const path = scope.slice(0, d)
      const key = scopeKey(path)
      let own = scopes.get(key)
      if (!own) {
        own = { path, contents: [] }
        scopes.set(key, own)
        const parent = scopeKey(path.slice(0, -1))
        inside.set(parent, [...(inside.get(parent) ?? []), own])
      }
      if (role !== 'constant') own.contents.push(role === 'parameter' ? role : title.slice(title.indexOf(' · ')))
    }
  }
  return [...inside.values()]
}

/** `0: Linear` and `block3` are a Linear and a block. */
const kindOf = ({ path }: Scope): string => path[path.length - 1].replace(/^\d+: /, '').replace(/[ #]?\d+$/, '')

function runs(children: readonly Scope[]): Scope[][] {
  const all: Scope[][] = []
  let last = ''
  for (const scope of children) {
    const like = JSON.stringify([kindOf(scope), scope.contents])
    if (like === last) all[all.length - 1].push(scope)
    else all.push([scope])
    last = like
  }
  return all.filter((run) => run.length >= LEAST)
}
