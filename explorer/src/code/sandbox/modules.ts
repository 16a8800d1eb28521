/**
 * The program's imports. It runs as a module of its own, made of text, and so do the entry points of the library that it
 * may import: modules that hand on what the worker has loaded already, since what observes the engine must be the same
 * instance as the engine.
 */
import { type AnyNode, type ImportExpression, type Literal, parse } from 'acorn'
import * as chainrule from 'chainrule'
import * as data from 'chainrule/data'
import * as explain from 'chainrule/explain'
import type { Position } from 'chainrule/explain/instrument'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'
import { counted, countedIn } from './room.ts'

const entries: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  chainrule,
  'chainrule/data': data,
  'chainrule/explain': explain,
  'chainrule/nn': nn,
  'chainrule/optim': optim,
}

/** Where the modules made of text find what they hand on. */
const SHARED = Symbol.for('chainrule.entries')
/** The entry of the constructors that count. */
const ROOM = 'room'
const shared: Record<string, Readonly<Record<string, unknown>>> = { ...entries, [ROOM]: counted() }

/** Where a text can be imported from. */
export const moduleOf = (text: string): string => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))

const urls = new Map<string, string>()

function urlOf(entry: string): string {
  let url = urls.get(entry)
  if (!url) {
    ;(globalThis as { [SHARED]?: typeof shared })[SHARED] = shared
    const from = `globalThis[Symbol.for('chainrule.entries')][${JSON.stringify(entry)}]`
    url = moduleOf(`export const { ${Object.keys(shared[entry]).join(', ')} } = ${from}`)
    urls.set(entry, url)
  }
  return url
}

/** What is imported is not there; `place` is that of the import in the code. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly place: Position

  constructor(message: string, place: Position) {
    super(message)
    this.place = place
  }
}

type Source = ImportExpression['source'] | Literal

/**
 * The code of a module with its imports leading to the library. No line moves.
 * @throws ImportError for an import of anything else.
 */
export function link(code: string): string {
  const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
  let linked = code
  for (const source of importsOf(tree).sort((a, b) => b.start - a.start)) {
    const value = source.type === 'Literal' ? source.value : undefined
    const { line, column } = source.loc!.start
    const place = { line, column: column + 1 }
    if (typeof value !== 'string') throw new ImportError('what is imported is named by a text in quotes here', place)
    if (!Object.hasOwn(entries, value))
      throw new ImportError(`there is no '${value}' here; a program can import ${names()}`, place)
    linked = `${linked.slice(0, source.start)}${JSON.stringify(urlOf(value))}${linked.slice(source.end)}`
  }
  const arrays = countedIn(code)
  // Behind the code, where it moves nothing; imports come first wherever they stand.
  return arrays.length > 0 ? `${linked}\nimport { ${arrays.join(', ')} } from '${urlOf(ROOM)}'` : linked
}

/** What the imports of a module name, those that are calls included. */
function importsOf(tree: AnyNode): Source[] {
  const found: Source[] = []
  const waiting: AnyNode[] = [tree]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (/^(?:Import|Export)/.test(node.type) && 'source' in node && node.source) found.push(node.source as Source)
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value])
        if (typeof child?.type === 'string') waiting.push(child as AnyNode)
  }
  return found
}

const names = (): string => {
  const all = Object.keys(entries).map((name) => `'${name}'`)
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}

/** A name that the library does not export, as the engine reports it, in words that name the library. */
export function inWords(message: string): string {
  for (const [entry, url] of urls) if (message.includes(url)) return message.replaceAll(url, entry)
  return message
}
