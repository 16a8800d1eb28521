/** The source of a program as a syntax tree, after its types, if it has any, have been erased. */
import { type Program, parse, type Token, tokTypes } from 'acorn'
import type { Position } from './lines.ts'
import { type Stripped, stripTypes } from './strip-types.ts'
import { syntaxError } from './syntax-error.ts'

export interface Parsed extends Stripped {
  readonly program: Program
  /** Every word in the program that may be a variable. */
  readonly words: ReadonlySet<string>
}

/** Parses an ES module. @throws FormatError with the place in the source. */
export function parseModule(source: string, path: string, typescript = /\.[cm]?tsx?$/.test(path)): Parsed {
  const stripped = typescript ? stripTypes(source, path) : untouched(source)
  const words = new Set<string>()
  const onToken = (token: Token & { value?: string }): void => {
    if (token.type === tokTypes.name) words.add(token.value!)
  }
  try {
    const options = { ecmaVersion: 'latest', sourceType: 'module', preserveParens: true, onToken } as const
    return { ...stripped, program: parse(stripped.code, options), words }
  } catch (error) {
    if (!(error instanceof SyntaxError && 'loc' in error)) throw error
    const { line, column } = error.loc as Position
    const problem = error.message.replace(/ \(\d+:\d+\)$/, '')
    throw syntaxError(source, path, stripped.original({ line, column: column + 1 }), problem)
  }
}

const untouched = (source: string): Stripped => ({
  code: source,
  original: (position) => position,
  isOriginal: () => true,
})
