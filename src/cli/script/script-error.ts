import { ChainruleError } from '../../errors/index.ts'

/** Why a script gave no result. */
export type ScriptReason =
  /** There is no such file, or it is a folder. */
  | 'missing'
  /** It is not an ES module in JavaScript or TypeScript. */
  | 'unsupported'
  /** It cannot be read as a program. */
  | 'syntax'
  /** Something that it imports is not there. */
  | 'import'
  /** It threw an error that nobody caught, or left a promise rejected. */
  | 'threw'
  /** It called `process.exit` with a code other than 0. */
  | 'exited'
  /** It waits for a promise that nothing is left to settle. */
  | 'stalled'
  /** It did not end in time. */
  | 'timeout'
  /** The heap of JavaScript was full. */
  | 'memory'
  /** Its process ended in some other way. */
  | 'crashed'
  /** The user pressed Ctrl-C. */
  | 'interrupted'
  /** It ran, but has not done what the task is about; the task says what. */
  | 'task'

/** A place in a file; lines and columns count from 1. */
export interface ScriptPlace {
  readonly path: string
  readonly line: number
  readonly column: number
}

/** Thrown when a script could not be run to its end; the message is for the user, with file:line:column where known. */
export class ScriptError extends ChainruleError {
  override readonly name: string = 'ScriptError'
  readonly reason: ScriptReason
  readonly place: ScriptPlace | undefined

  constructor(reason: ScriptReason, message: string, place?: ScriptPlace) {
    super(message)
    this.reason = reason
    this.place = place
  }

  /** What the command should end with: 130 after Ctrl-C, as shells have it, and 2 otherwise. */
  get exitCode(): number {
    return this.reason === 'interrupted' ? 130 : 2
  }
}
