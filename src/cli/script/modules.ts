/** Which modules are observed, where their files are, and what messages call them. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, extname, isAbsolute, join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The compiled library, of which nothing is observed. */
const library = fileURLToPath(new URL('../../', import.meta.url))

export const EXTENSIONS: readonly string[] = ['.ts', '.js', '.mts', '.mjs']

/** The file of a module that is to be instrumented: the user's own, and not what is installed. */
export function observedFile(url: string): string | undefined {
  if (!url.startsWith('file:')) return undefined
  const file = fileURLToPath(url)
  if (!EXTENSIONS.includes(extname(file)) || /[\\/]node_modules[\\/]/.test(file) || file.startsWith(library))
    return undefined
  return extname(file) === '.js' && isCommonJs(readFileSync(file, 'utf8')) ? undefined : file
}

/** A file ending in .js may be either; it is what its text says, whatever package.json has to say. */
export function isCommonJs(source: string): boolean {
  if (/^\s*(?:import|export)\b|\bimport\.meta\b|^await\b/m.test(source)) return false
  return /\brequire\s*\(|\bmodule\.exports\b|^exports\.\w/m.test(source)
}

/**
 * The URL that an import by path means: the file itself, or the TypeScript file that compiles to it, or one of that
 * name with an ending, or the index of a folder. Undefined where there is none.
 */
export function findModule(specifier: string, parent: string): string | undefined {
  const url = new URL(specifier, parent)
  const path = fileURLToPath(url)
  const found = candidates(path).find(isFile)
  return found && pathToFileURL(found).href + url.search + url.hash
}

function candidates(path: string): string[] {
  const source = /\.([mc]?)js$/.test(path) ? [path.replace(/js$/, 'ts')] : []
  const ended = EXTENSIONS.map((extension) => path + extension)
  return [path, ...source, ...ended, ...EXTENSIONS.map((extension) => join(path, `index${extension}`))]
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

/** A path as a user wants to read it: from the folder where the command was called, if it lies there. */
export function shownPath(file: string, cwd: string): string {
  const path = relative(cwd, file)
  return path.startsWith('..') || isAbsolute(path) ? file : path
}

/** The version of the package `chainrule` that a file would import by itself, and where that is. */
export function installedVersion(file: string): { version: string; folder: string } | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'node_modules', 'chainrule', 'package.json')
    if (existsSync(manifest)) return { version: JSON.parse(readFileSync(manifest, 'utf8')).version, folder }
    if (folder === dirname(folder)) return undefined
  }
}

const manifest = (): { version: string; exports: object } =>
  JSON.parse(readFileSync(join(library, '..', 'package.json'), 'utf8'))

/** The version of this package. */
export const ownVersion = (): string => manifest().version

/** What can be imported from this package: `.`, `./nn` ... */
export const entries = (): string[] => Object.keys(manifest().exports)
