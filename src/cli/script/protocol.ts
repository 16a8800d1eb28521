/**
 * What the process of the script says to the one that started it, as lines of JSON, into a pipe of its own: one message
 * at the end, and notes before or after it. They are written by hand and not by way of `process.send`, so that they arrive
 * whole, however long they are, although the process ends right after them; and so that a second thread can write while
 * the script is busy. Questions of a task that stays come the other way.
 */
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
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

/** What a task says while it is at work, if it has more to say than a result. */
export interface Note {
  readonly is: 'note'
  readonly note: unknown
}

/** The script has ended, and the task stays for as long as it is asked. */
export interface Staying {
  readonly is: 'staying'
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
export const PIPE = 3

/** What the threads of the child share: who has spoken, and how far the script is. */
export const SPOKEN = 0
export const PHASE = 1

/** Says a message unless another thread has said one; returns whether it was said. */
export function say(shared: Int32Array, message: Message): boolean {
  if (Atomics.exchange(shared, SPOKEN, 1) === 1) return false
  send(message)
  return true
}

export function send(message: Message | Note | Staying): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let done = 0; done < line.length; ) done += write(line, done)
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

/** Hears questions until nobody can ask any more. */
export async function hearQuestions(answer: (question: unknown) => void): Promise<void> {
  for await (const line of createInterface({ input: new Socket({ fd: PIPE, readable: true, writable: false }) }))
    answer(JSON.parse(line))
}

const NEWLINE = 10

/** Puts the parts of a pipe together: gives each message when its line is whole. */
export function hear(tell: (message: Message | Note | Staying) => void): (chunk: Uint8Array) => void {
  let parts: Uint8Array[] = []
  return (chunk) => {
    let rest = chunk
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      const line = Buffer.concat([...parts, rest.subarray(0, end)])
      ;[parts, rest] = [[], rest.subarray(end + 1)]
      tell(JSON.parse(line.toString()))
    }
    if (rest.length > 0) parts.push(rest)
  }
}
