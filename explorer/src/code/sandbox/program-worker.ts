/**
 * The worker in which a program of the reader's own runs: one program, and then questions about it. The page ends it when
 * its time is up. The server that serves this file forbids it every connection.
 */
import type { Recording } from 'chainrule/explain'
import { explanationIn } from '../../model/local.ts'
import type { Reply, Request } from '../protocol.ts'
import { Console } from './console.ts'
import { run } from './run.ts'

const send = (reply: Reply): void => postMessage(reply)
let recording: Recording | null = null

async function answer(request: Request): Promise<void> {
  if (request.is === 'run') {
    const printer = new Console((printed) => send({ is: 'printed', printed }))
    send({ is: 'begun' })
    const ran = await run(request.source, (line, nodes) => send({ is: 'at', line, nodes }))
    recording = ran.recording
    printer.end()
    send({ is: 'ended', trace: ran.trace, problem: ran.problem })
    return
  }
  const { id, output, input } = request
  try {
    send({ is: 'explained', id, explanation: explanationIn(recording!, output, input) })
  } catch (error) {
    send({ is: 'refused', id, message: (error as Error).message })
  }
}

addEventListener('message', ({ data }: MessageEvent<Request>) => void answer(data))
