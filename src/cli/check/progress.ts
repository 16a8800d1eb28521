/** How far a long check is, on stderr: a bar on a terminal, a line now and then elsewhere, nothing if it is soon done. */
import { writeSync } from 'node:fs'

export interface ProgressOptions {
  /** Columns of the terminal; null where stderr is none. */
  readonly columns: number | null
}

/** Milliseconds: before anything is shown, and between two showings. */
const QUIET = 1000
const EVERY = { bar: 100, line: 5000 }
const WIDEST = 40

export class Progress {
  readonly #columns: number | null
  readonly #started = performance.now()
  #title = ''
  #expected = 1
  #done = 0
  #shown = 0
  #isDrawn = false

  constructor({ columns }: ProgressOptions) {
    this.#columns = columns
  }

  /** @param expected about how many runs there will be. */
  begin(title: string, expected: number): void {
    this.#title = title
    this.#expected = expected
    this.#done = 0
  }

  /** One run is about to begin. */
  step(): void {
    this.#done++
    const now = performance.now()
    const wait = this.#shown === 0 ? this.#started + QUIET : this.#shown + EVERY[this.#columns ? 'bar' : 'line']
    if (now < wait) return
    this.#shown = now
    if (this.#columns) this.#draw(this.#columns)
    else write(`checking ${this.#title}: ${this.#state()}\n`)
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#isDrawn) write(CLEAR)
    this.#isDrawn = false
  }

  /** What is wrong, bends or cancels is looked at more closely than was expected. */
  #state(): string {
    if (this.#done > this.#expected) return `${this.#done} evaluations, looking closer`
    return `${this.#done} of about ${this.#expected} evaluations`
  }

  #draw(columns: number): void {
    const state = this.#state()
    const width = Math.min(WIDEST, columns - this.#title.length - state.length - 14)
    const filled = Math.round(width * Math.min(1, this.#done / this.#expected))
    const bar = width < 5 ? '' : `${'━'.repeat(filled)}${'─'.repeat(width - filled)}  `
    write(`${CLEAR}${`checking ${this.#title}  ${bar}${state}`.slice(0, columns - 1)}`)
    this.#isDrawn = true
  }
}

const CLEAR = '\r\u001b[K'

/** At once, although the thread is busy; what a full pipe does not take is left out. */
function write(text: string): void {
  try {
    writeSync(2, text)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EAGAIN' && code !== 'EPIPE') throw error
  }
}

/** Silences what a function prints while it runs, for it is run a thousand times. */
export function muted<T>(run: () => T): T {
  const { stdout, stderr } = process
  const streams = [stdout, stderr].map((stream) => ({ stream, write: stream.write }))
  for (const { stream } of streams) stream.write = () => true
  try {
    return run()
  } finally {
    for (const { stream, write } of streams) stream.write = write
  }
}
