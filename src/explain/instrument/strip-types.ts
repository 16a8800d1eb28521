/**
 * TypeScript to JavaScript by sucrase, which erases types and rewrites enums and parameter properties but leaves every
 * line where it was, and the way back to the columns of the TypeScript by its source map, which names every token that
 * it has kept.
 */
import { decode } from '@jridgewell/sourcemap-codec'
import { transform } from 'sucrase'
import { Lines, type Position } from './lines.ts'
import { syntaxError } from './syntax-error.ts'

export interface Stripped {
  readonly code: string
  /** The place in the source of a place in the code. */
  readonly original: (position: Position) => Position
  /** Whether what begins at a place in the code stands in the source, and was not added to it. */
  readonly isOriginal: (position: Position) => boolean
}

/** @throws FormatError where the syntax is wrong, or is TypeScript that is more than types. */
export function stripTypes(source: string, path: string): Stripped {
  const { code } = erase(source, path)
  refuseNamespaces(source, code, path)
  const spaced = space(source)
  const mapped = erase(spaced, path)
  const segments = decode(mapped.mappings)
  const lines = {
    source: new Lines(source),
    spaced: new Lines(spaced),
    code: new Lines(code),
    mapped: new Lines(mapped.code),
  }
  /** The last token that begins at or before a place, and how far it is from there. */
  const find = ({ line, column }: Position) => {
    const from = align(lines.code.at(line), lines.mapped.at(line), column - 1)
    const segment = segments[line - 1]?.findLast(([start]) => start <= from)
    return { from: segment?.[3] ?? 0, distance: from - (segment?.[0] ?? 0) }
  }
  return {
    code,
    original: (position) => {
      const { line } = position
      const { from, distance } = find(position)
      const start = alignBack(lines.source.at(line), lines.spaced.at(line), from)
      return { line, column: Math.min(start + distance, lines.source.at(line).length) + 1 }
    },
    isOriginal: (position) => find(position).distance === 0,
  }
}

function erase(source: string, path: string): { code: string; mappings: string } {
  try {
    const { code, sourceMap } = transform(source, {
      transforms: ['typescript'],
      disableESTransforms: true,
      preserveDynamicImport: true,
      sourceMapOptions: { compiledFilename: path },
      filePath: path,
    })
    return { code, mappings: sourceMap!.mappings }
  } catch (error) {
    if (!(error instanceof Error && 'loc' in error)) throw error
    const problem = error.message.replace(/ \(\d+:\d+\)$/, '').slice(`Error transforming ${path}: `.length)
    throw syntaxError(source, path, error.loc as Position, problem)
  }
}

/**
 * Puts a space wherever a template has nothing between two of its expressions or at an end. Sucrase (3.35) loses the
 * columns of all that follows an empty token, so the map is made of this text; its code is not used. A space too many
 * elsewhere does no harm, for the insertions are taken back.
 */
const space = (source: string): string => source.replace(/`(?=\$\{|`)|\}(?=\$\{|`)/g, '$& ')

/** The column (from 0) in a spaced line of a column in the line without those spaces. */
function align(plain: string, spaced: string, column: number): number {
  let to = 0
  for (let from = 0; from < column; from++) to = spaced.indexOf(plain[from], to) + 1
  return plain[column] === undefined ? to : spaced.indexOf(plain[column], to)
}

/** The column (from 0) in a line of a column in the same line with spaces. */
function alignBack(plain: string, spaced: string, column: number): number {
  let from = 0
  for (let to = 0; to < column; to++) if (plain[from] === spaced[to]) from++
  return from
}

/** Sucrase drops a namespace without a word; one that holds more than types would be missing when the program runs. */
function refuseNamespaces(source: string, code: string, path: string): void {
  const found = source.matchAll(/^(?:export +)?(?:namespace|module) +[\w$.]+ *\{([\s\S]*?)^\}/gm)
  for (const { 0: text, 1: body, index } of found) {
    const [opening] = text.split('\n', 1)
    if (code.includes(opening) || !/\b(?:const|let|var|function|class|enum)\b/.test(body)) continue
    const position = new Lines(source).position(index)
    throw syntaxError(source, path, position, 'a namespace with values cannot be observed; use a module instead')
  }
}
