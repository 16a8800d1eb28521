/** What the server of `chainrule explore` sends, and a reader of its stream. */
import type { Trace } from 'chainrule/explain'
import type { Printed, Problem } from '../protocol.ts'

export type ServerEvent =
  /** What is served; null where the command was given no script. */
  | { readonly is: 'hello'; readonly script: string | null }
  /** A run has begun. */
  | { readonly is: 'running'; readonly run: number }
  | { readonly is: 'printed'; readonly run: number; readonly printed: readonly Printed[] }
  /** It has ended. Where the script failed, the trace is of what came before, or null; `live` if questions are answered. */
  | {
      readonly is: 'ended'
      readonly run: number
      readonly trace: Trace | null
      readonly problem: ScriptProblem | null
      readonly live: boolean
    }

/** The file is where the problem lies, which may be imported by the script. */
export interface ScriptProblem extends Problem {
  readonly file?: string
}

/** The events in a stream of server-sent events, of which each has its JSON on one line of data. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).getReader()
  let rest = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split('\n')
    rest = lines.pop()!
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice('data: '.length))
  }
}
