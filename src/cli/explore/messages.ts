/** What the server tells the page about a script. Types alone: the page has them from here. */
import type { Trace } from '../../explain/index.ts'

export interface PrintedLine {
  readonly level: 'log' | 'error'
  readonly text: string
}

/** Why a script failed, and where; lines and columns count from 1. */
export interface ScriptProblem {
  readonly message: string
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly stack?: string
}

export type ServerEvent =
  | { readonly is: 'hello'; readonly script: string | null }
  | { readonly is: 'running'; readonly run: number }
  /** A file of the script has been deleted or moved; when it is back, the script runs again. */
  | { readonly is: 'missing'; readonly file: string }
  | { readonly is: 'printed'; readonly run: number; readonly printed: readonly PrintedLine[] }
  | {
      readonly is: 'ended'
      readonly run: number
      /** Of a script that failed, what came before; null where nothing is known. */
      readonly trace: Trace | null
      readonly problem: ScriptProblem | null
      /** Whether questions about it are answered. */
      readonly live: boolean
    }
