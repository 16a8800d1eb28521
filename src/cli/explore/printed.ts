/** What a script prints, line by line, for the console of the page: as text, and no more than anybody reads. */
import { stripVTControlCharacters } from 'node:util'
import type { PrintedLine } from './messages.ts'

/** So many lines are kept for pages that come later. */
const MOST = 1000
const LONGEST = 5000

export class Printed {
  readonly #lines: PrintedLine[] = []
  /** What came behind the last line end, which may not be all of the line. */
  readonly #rest = { log: '', error: '' }
  #count = 0
  #hasEnded = false

  get lines(): readonly PrintedLine[] {
    return this.#lines
  }

  /** The lines that this text completes. */
  add(text: string, level: PrintedLine['level']): PrintedLine[] {
    const lines = (this.#rest[level] + text).split(/\r?\n/)
    // A line without end is not gathered for ever, and what comes late is not waited for.
    this.#rest[level] = this.#hasEnded ? '' : lines.pop()!.slice(0, 2 * LONGEST)
    if (lines.at(-1) === '' && this.#hasEnded) lines.pop()
    return this.#keep(lines.map((line) => ({ level, text: line })))
  }

  /** What is left when the script has ended, and how much was left out. */
  end(): PrintedLine[] {
    const left = (['log', 'error'] as const).filter((level) => this.#rest[level] !== '')
    const rest = this.#keep(left.map((level) => ({ level, text: this.#rest[level] })))
    Object.assign(this.#rest, { log: '', error: '' })
    const isAgain = this.#hasEnded
    this.#hasEnded = true
    if (this.#count <= MOST || isAgain) return rest
    const note: PrintedLine = { level: 'error', text: `${this.#count - MOST} more lines are not shown` }
    this.#lines.push(note)
    return [...rest, note]
  }

  #keep(lines: readonly PrintedLine[]): PrintedLine[] {
    const room = Math.max(0, MOST - this.#count)
    this.#count += lines.length
    const kept = lines.slice(0, room).map(({ level, text }) => ({ level, text: readable(text) }))
    this.#lines.push(...kept)
    return kept
  }
}

/** Without the colours of a terminal. */
function readable(line: string): string {
  const text = stripVTControlCharacters(line)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} … ${text.length - LONGEST} more characters` : text
}
