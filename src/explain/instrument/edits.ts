/**
 * Text put into a program without moving a line. Insertions are told from the outside in: what is put around a node
 * comes before what is put around its children. At one and the same place everything that closes stands before
 * everything that opens, inner ends before outer ends and outer beginnings before inner ones.
 */
import { Lines, type Position } from './lines.ts'

interface Insertion {
  readonly at: number
  readonly text: string
  /** Places of the same offset are sorted by it: closings count down from 0, openings up. */
  readonly order: number
}

export class Edits {
  readonly code: string
  readonly #insertions: Insertion[] = []
  #count = 0

  constructor(code: string) {
    this.code = code
  }

  /** Puts text before what begins at `at`. */
  before(at: number, text: string): void {
    this.#insertions.push({ at, text, order: ++this.#count })
  }

  /** Puts text after what ends at `at`. */
  after(at: number, text: string): void {
    this.#insertions.push({ at, text, order: -++this.#count })
  }

  around(node: { readonly start: number; readonly end: number }, opening: string, closing: string): void {
    this.before(node.start, opening)
    this.after(node.end, closing)
  }

  /** Puts text before everything else that begins at `at`. */
  first(at: number, text: string): void {
    this.#insertions.push({ at, text, order: 0 })
  }

  get isEmpty(): boolean {
    return this.#insertions.length === 0
  }

  /** The edited text, and a way back: the place in `code` of a place in the text. */
  apply(): { readonly text: string; readonly unedited: (position: Position) => Position } {
    const { code } = this
    const insertions = this.#insertions.toSorted((a, b) => a.at - b.at || a.order - b.order)
    const pieces: string[] = []
    let done = 0
    for (const { at, text } of insertions) {
      pieces.push(code.slice(done, at), text)
      done = at
    }
    pieces.push(code.slice(done))
    const lines = new Lines(code)
    return { text: pieces.join(''), unedited: (position) => unedit(lines, insertions, position) }
  }
}

/** Takes back, from left to right, the insertions on one line that stand before the place. */
function unedit(lines: Lines, insertions: readonly Insertion[], { line, column }: Position): Position {
  const start = lines.start(line)
  let offset = start + column - 1
  for (const { at, text } of insertions) {
    if (at < start) continue
    if (at >= offset) break
    offset = Math.max(at, offset - text.length)
  }
  return { line, column: offset - start + 1 }
}
