/** The lines of a text, ended as JavaScript ends them. */

/** A place in a text; lines and columns count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

export class Lines {
  readonly text: string
  /** The offset of the first character of each line. */
  readonly #starts: number[] = [0]

  constructor(text: string) {
    this.text = text
    for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) this.#starts.push(index + end.length)
  }

  get count(): number {
    return this.#starts.length
  }

  /** The offset at which a line begins; the end of the text for a line that it does not have. */
  start(line: number): number {
    return this.#starts[line - 1] ?? this.text.length
  }

  /** A line without its end. */
  at(line: number): string {
    return this.text.slice(this.start(line), this.start(line + 1)).replace(/[\n\r\u2028\u2029]+$/, '')
  }

  /** The place of an offset, by bisection: the last line that starts at or before it. */
  position(offset: number): Position {
    let low = 0
    let high = this.#starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (this.#starts[middle] <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - this.#starts[low] + 1 }
  }
}
