/**
 * The program's imports. It runs as a module of its own, made of text, and so do the entry points of the library that it
 * may import: modules that hand on what the worker has loaded already, since what observes the engine must be the same
 * instance as the engine.
 */
import { parse } from 'acorn'
import * as chainrule from 'chainrule'
import * as data from 'chainrule/data'
import * as explain from 'chainrule/explain'
import type { Position } from 'chainrule/explain/instrument'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'

const entries: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  chainrule,
  'chainrule/data': data,
  'chainrule/explain': explain,
  'chainrule/nn': nn,
  'chainrule/optim': optim,
}

const SHARED = Symbol.for('chainrule.entries')

/** Where a text can be imported from. */
export const moduleOf = (text: string): string => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))

const urls = new Map<string, string>()

function urlOf(entry: string): string {
  let url = urls.get(entry)
  if (!url) {
    ;(globalThis as { [SHARED]?: typeof entries })[SHARED] = entries
    const from = `globalThis[Symbol.for('chainrule.entries')][${JSON.stringify(entry)}]`
    url = moduleOf(`export const { ${Object.keys(entries[entry]).join(', ')} } = ${from}`)
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

/**
 * The code of a module with its imports leading to the library. No line moves.
 * @throws ImportError for an import of anything else.
 */
export function link(code: string): string {
  const { body } = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
  let linked = code
  for (const node of body.toReversed()) {
    if (!('source' in node) || !node.source) continue
    const { value, start, end, loc } = node.source
    if (typeof value !== 'string' || !Object.hasOwn(entries, value)) {
      const { line, column } = loc!.start
      throw new ImportError(`there is no '${value}' here; a program can import ${names()}`, {
        line,
        column: column + 1,
      })
    }
    linked = `${linked.slice(0, start)}${JSON.stringify(urlOf(value))}${linked.slice(end)}`
  }
  return linked
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
