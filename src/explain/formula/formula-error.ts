/**
 * Errors of formulas say where: line, column, the line itself and marks under the place. A `Source` is a text that knows
 * where its lines begin, so that positions cost nothing until one is asked for.
 */
import { ChainruleError, FormatError } from '../../errors/index.ts'

/** Thrown when a formula or a list of values cannot be read, or when an operation in it fails for no reason of its own. */
export class FormulaError extends FormatError {
  override readonly name: string = 'FormulaError'
  /** The line, from 1. */
  readonly line: number
  /** The place in the line, from 1, in UTF-16 units as editors count them. */
  readonly column: number
  /** How many characters are meant, at least 1. */
  readonly length: number

  constructor(message: string, line: number, column: number, length: number, options?: ErrorOptions) {
    super(message, options)
    this.line = line
    this.column = column
    this.length = length
  }
}

export interface Place {
  readonly line: number
  readonly column: number
}

/** How much of a line an error shows. */
const WIDTH = 72

export class Source {
  readonly text: string
  /** What the text is, as messages say it: 'formula' or 'values'. */
  readonly label: string
  private starts: number[] | undefined

  constructor(text: string, label: string) {
    this.text = text
    this.label = label
  }

  /** Line and column of a position. */
  placeOf(position: number): Place {
    const starts = (this.starts ??= lineStarts(this.text))
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (starts[middle] <= position) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: position - starts[low] + 1 }
  }

  /** The error for the text from `start` to `end`. */
  error(problem: string, start: number, end: number = start, options?: ErrorOptions): FormulaError {
    const { line, column } = this.placeOf(start)
    const message = `${this.label}: ${problem}\n${this.excerpt(start, end)}`
    return new FormulaError(message, line, column, Math.max(1, end - start), options)
  }

  /** What `compute` returns; what it throws says that it happened between `start` and `end`. */
  within<T>(start: number, end: number, compute: () => T): T {
    try {
      return compute()
    } catch (error) {
      throw this.locate(error, start, end)
    }
  }

  /** The error in the same class with the place in its message. */
  private locate(error: unknown, start: number, end: number): unknown {
    if (error instanceof FormulaError) return error
    if (!(error instanceof ChainruleError)) return this.error(String(error), start, end, { cause: error })
    const message = `${error.message}\n${this.excerpt(start, end)}`
    return Reflect.construct(error.constructor, [message, { cause: error }])
  }

  /** The line on which `start` lies, cut to what a terminal shows, with marks below. */
  private excerpt(start: number, end: number): string {
    const { line, column } = this.placeOf(start)
    const from = start - column + 1
    const next = this.starts![line] ?? this.text.length + 1
    const whole = this.text.slice(from, next).replace(/[\r\n\u2028\u2029]+$/, '')
    const cut = whole.length <= WIDTH ? 0 : Math.max(0, Math.min(column - 1 - WIDTH / 2, whole.length - WIDTH))
    const before = cut > 0 ? '…' : ''
    const after = cut + WIDTH < whole.length ? '…' : ''
    const shown = printable(whole.slice(cut, cut + WIDTH))
    const lead = widthOf(before + printable(whole.slice(cut, column - 1)))
    const marked = widthOf(printable(whole.slice(column - 1, Math.min(end - from, cut + WIDTH))))
    const marks = ' '.repeat(lead) + '^'.repeat(Math.max(1, marked))
    return `line ${line}, column ${column}:\n  ${before}${shown}${after}\n  ${marks}`
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (const { index, 0: ending } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(index + ending.length)
  return starts
}

/** Nothing that moves the cursor, colours the terminal or turns the direction of writing. */
const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')

/** How many columns a text takes where accents take none. */
const widthOf = (text: string): number => Array.from(text.replace(/\p{M}/gu, '')).length

/** A piece of the user's text as a message shows it. */
export const clipped = (text: string): string => printable(text.length > 40 ? `${text.slice(0, 40)}…` : text)

export function quoted(text: string): string {
  const shown = clipped(text)
  return shown.includes("'") ? `"${shown}"` : `'${shown}'`
}
