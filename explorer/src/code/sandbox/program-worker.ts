/**
 * The worker in which a program of the reader's own runs: one program, and then questions about it. The page ends it when
 * its time is up. It speaks to the page over a port of its own, which the program does not have; the server that serves
 * this file forbids it every connection.
 */
import { explainRecorded, type Recording } from 'chainrule/explain'
import type { Reply, Request } from '../protocol.ts'
import { confine } from './confine.ts'
import { Console } from './console.ts'
import { run } from './run.ts'

type Send = (reply: Reply) => void

/** So many nodes go into one message. */
const PART = 500

let recording: Recording | null = null

async function answer(request: Request, send: Send): Promise<void> {
  if (request.is === 'run') {
    const printer = new Console((printed) => send({ is: 'printed', printed }))
    send({ is: 'begun' })
    const ran = await run(request.source, {
      at: (where) => send({ is: 'at', ...where }),
      late: (message) => printer.print('error', message),
    })
    recording = ran.recording
    printer.end()
    const nodes = ran.trace?.nodes ?? []
    for (let from = 0; from < nodes.length; from += PART) send({ is: 'part', nodes: nodes.slice(from, from + PART) })
    send({ is: 'ended', trace: ran.trace && { ...ran.trace, nodes: [] }, problem: ran.problem })
    return
  }
  if (request.is === 'there?') return send({ is: 'there' })
  const { id, output, input } = request
  try {
    send({ is: 'explained', id, explanation: explainRecorded(recording!, output, input).toJSON() })
  } catch (error) {
    send({ is: 'refused', id, message: (error as Error).message })
  }
}

function begin(port: MessagePort): void {
  const { apply } = Reflect
  // Held here: a program can put another in its place.
  const { postMessage } = port
  const send: Send = (reply) => apply(postMessage, port, [reply])
  port.onmessage = ({ data }: MessageEvent<Request>) => void answer(data, send)
}

addEventListener(
  'message',
  ({ ports }) => {
    confine()
    begin(ports[0])
  },
  { once: true },
)
