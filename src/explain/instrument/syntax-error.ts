/** A mistake in a source text as a reader wants to see it: where it is, what it is, and the line with a caret below. */
import { FormatError } from '../../errors/index.ts'
import { Lines, type Position } from './lines.ts'

/** A FormatError that also carries the place, for programs that mark it in an editor. */
export interface SyntaxFormatError extends FormatError {
  readonly place: Position & { readonly path: string }
}

/** The error of a program that cannot be read: `model.ts:3:11: Unexpected token`, and the line. */
export function syntaxError(source: string, path: string, position: Position, problem: string): SyntaxFormatError {
  const { line, column } = position
  const message = `${path}:${line}:${column}: ${problem}\n${excerpt(source, position)}`
  return Object.assign(new FormatError(message), { place: { path, line, column } })
}

/** More of a line than this is cut off at its ends: it was written by a machine. */
const WIDEST = 100

/**
 * The line of a place with a caret below it.
 *
 * ```ts
 * excerpt('const x = = 1', { line: 1, column: 11 })
 * //   1 | const x = = 1
 * //     |           ^
 * ```
 */
export function excerpt(source: string, { line, column }: Position): string {
  const text = new Lines(source).at(line)
  const from = text.length <= WIDEST ? 0 : Math.max(0, column - 1 - WIDEST / 2)
  const shown = text.slice(from, from + WIDEST).trimEnd()
  // Tabs stay tabs, so that the caret stands where the terminal puts the character above it.
  const indent = text.slice(from, column - 1).replace(/[^\t]/g, ' ')
  const number = String(line)
  return `  ${number} | ${shown}\n  ${' '.repeat(number.length)} | ${indent}^`
}
