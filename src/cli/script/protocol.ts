/**
 * What the process of the script says to the one that started it: one message, as a line of JSON, into a pipe of its
 * own. It is written by hand and not by way of `process.send`, so that it arrives whole, however long it is, although
 * the process ends right after it; and so that a second thread can write it while the script is busy.
 */
import { writeSync } from 'node:fs'
import type { ScriptPlace, ScriptReason } from './script-error.ts'

/** What the child is started with, as its only argument. */
export interface Job {
  readonly file: string
  readonly path: string
  readonly task: string
  readonly options: unknown
  readonly args: readonly string[]
  readonly timeoutMs: number | null
  /** The process that waits for the message. */
  readonly parent: number
}

/** A place in a module as it runs; it is instrumented, so only its line is that of the source. */
export interface Frame {
  readonly url: string
  readonly line: number
  readonly column: number
}

/** An error as far as it can be told to another process. */
export interface ErrorReport {
  readonly name: string
  readonly message: string
  readonly stack: string
  readonly code?: string
  /** Where the instrumenter found wrong syntax. */
  readonly place?: ScriptPlace
  /** What was imported and by whom, where that is what failed. */
  readonly specifier?: string
  readonly importer?: string
  /** Of a ScriptError that a task threw. */
  readonly reason?: ScriptReason
  /** Whether it is one of this library's own errors. */
  readonly ours: boolean
  readonly cause?: string
}

export type Message =
  | { readonly is: 'result'; readonly result: unknown }
  | { readonly is: 'error'; readonly error: ErrorReport }
  | { readonly is: 'exit'; readonly code: number; readonly stack: string }
  | { readonly is: 'stalled'; readonly phase: Phase }
  | { readonly is: 'timeout'; readonly phase: Phase; readonly frames: readonly Frame[] }

/** How far a script has come. */
export type Phase = 'loading' | 'draining' | 'task'
export const PHASES: readonly Phase[] = ['loading', 'draining', 'task']

/** The file descriptor of the pipe. */
const PIPE = 3

/** What the threads of the child share: who has spoken, and how far the script is. */
export const SPOKEN = 0
export const PHASE = 1

/** Says a message unless another thread has said one; returns whether it was said. */
export function say(shared: Int32Array, message: Message): boolean {
  const line = Buffer.from(`${JSON.stringify(message)}\n`)
  if (Atomics.exchange(shared, SPOKEN, 1) === 1) return false
  for (let done = 0; done < line.length; ) done += write(line, done)
  return true
}

/** A pipe that is full may refuse to wait, so it is asked again. */
function write(line: Buffer, from: number): number {
  try {
    return writeSync(PIPE, line, from)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    return 0
  }
}

/** The message whose last part has come. */
export const hear = (chunks: readonly Uint8Array[]): Message => JSON.parse(Buffer.concat(chunks).toString())
