/**
 * How instrumented source text speaks to a recording: `instrument` writes calls of these functions into a program, and
 * a recording, while it runs, provides them under a global symbol.
 */

/** For one source file: lines and columns start at 1 and are those of the text before it was instrumented. */
export interface FileObserver {
  /** A value was assigned to a variable; returns the value. */
  name<T>(value: T, name: string, line: number, column: number): T
  /** A loop is about to start, starts over its body, has ended. */
  loop(line: number, column: number): void
  iteration(line: number, column: number): void
  endLoop(line: number, column: number): void
}

export interface SourceObserver {
  file(path: string): FileObserver
}

const symbol = Symbol.for('chainrule.observer')

/** Makes `observer` the one that instrumented programs speak to; returns what takes it away again. */
export function provideObserver(observer: SourceObserver): () => void {
  const place = globalThis as { [symbol]?: SourceObserver }
  const before = place[symbol]
  place[symbol] = observer
  return () => {
    if (place[symbol] === observer) place[symbol] = before
  }
}
