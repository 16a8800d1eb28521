/** A reader of what the server of `chainrule explore` sends. */
// biome-ignore lint/style/noRestrictedImports: types of what the command sends; no code comes along
import type { ScriptProblem, ServerEvent } from '../../../../src/cli/explore/messages.ts'

export type { ScriptProblem, ServerEvent }

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
