/**
 * The files of the built page. Only what a listing of its folder shows is served, by exactly that name: no path of a
 * request ever reaches the file system.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { UsageError } from '../command.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

interface SiteFile {
  readonly type: string
  readonly content: Buffer
}

export class Site {
  readonly #folder: string
  #files: ReadonlyMap<string, string>

  /** @throws UsageError where the page has not been built. */
  constructor(folder: string) {
    this.#folder = folder
    this.#files = list(folder)
    if (!this.#files.has('/'))
      throw new UsageError(`explore: the page is not there (${folder}); npm run explore builds it`)
  }

  /** What is at a path of the page; undefined where there is nothing. */
  read(path: string): SiteFile | undefined {
    // It may have been built again.
    if (!this.#files.has(path)) this.#files = list(this.#folder)
    const file = this.#files.get(path)
    if (file === undefined) return undefined
    return { type: TYPES[extname(file)] ?? 'application/octet-stream', content: readFileSync(file) }
  }
}

/** The file of every path; links are no files. */
function list(folder: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const entry of entriesOf(folder)) {
    if (!entry.isFile()) continue
    const file = join(entry.parentPath, entry.name)
    const path = `/${relative(folder, file).split(sep).join('/')}`
    files.set(path === '/index.html' ? '/' : path, file)
  }
  return files
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch {
    return []
  }
}
