/** What the page is told, over connections that stay open. */
import type { ServerResponse } from 'node:http'
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

/** So often something is said, so that a connection that is dead is noticed. */
const ALIVE_MS = 15_000

/** Pages that listen. */
export class Listeners {
  readonly #open = new Set<ServerResponse>()

  /** Begins a stream of events with those that tell how things are. */
  add(response: ServerResponse, first: readonly ServerEvent[]): void {
    response.write(': chainrule\n\n')
    for (const event of first) response.write(written(event))
    this.#open.add(response)
    const timer = setInterval(() => response.write(': alive\n\n'), ALIVE_MS)
    response.once('close', () => {
      clearInterval(timer)
      this.#open.delete(response)
    })
  }

  tell(event: ServerEvent): void {
    for (const response of this.#open) response.write(written(event))
  }
}

/** JSON has no line ends outside of strings, and escapes those inside. */
const written = (event: ServerEvent): string => `data: ${JSON.stringify(event)}\n\n`
