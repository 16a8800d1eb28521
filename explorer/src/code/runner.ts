/**
 * Runs programs, each in a worker of its own, and ends those that do not end by themselves. The worker of the program that
 * is shown lives on, since it alone can explain what it computed.
 */
import type { ExplanationJson, Trace, TraceNode } from 'chainrule/explain'
import type { Element, Session } from '../model/session.ts'
import type { Printed, Problem, Reply, Request } from './protocol.ts'

/** A program has so long, may record so many ops, and these may hold so many bytes. */
const LIMITS = { seconds: 5, nodes: 1_000_000, bytes: 1e9 } as const

interface Listener {
  readonly printed: (printed: readonly Printed[]) => void
}

export interface Outcome {
  /** Null where it was stopped: nothing of it can be shown. */
  readonly trace: Trace | null
  readonly problem: Problem | null
}

/** Why a program was stopped, and the line where it was last seen. */
export function stopped(why: string, line: number): Problem {
  return { message: `Stopped ${why}${line > 0 ? `, last traced line ${line}` : ''}`, ...(line > 0 && { line }) }
}

interface Waiting {
  resolve(explanation: ExplanationJson): void
  reject(error: Error): void
}

const over = () => new Error('This program is not running any more; run it again')

/** One worker and one program. */
export class Runner {
  readonly #worker = new Worker(new URL('./sandbox/program-worker.ts', import.meta.url), { type: 'module' })
  readonly #port: MessagePort
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0
  #silence: number | undefined
  #isOver = false
  #end: (outcome: Outcome) => void = () => {}

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#worker.postMessage(null, [port2])
  }

  /** Runs the program to its end, or to that of its time. */
  run(source: string, { printed }: Listener): Promise<Outcome> {
    let [line, timer] = [0, 0]
    const nodes: TraceNode[] = []
    const stop = (why: string) => {
      this.dispose()
      this.#end({ trace: null, problem: stopped(why, line) })
    }
    this.#worker.onerror = ({ message }) => {
      this.dispose()
      this.#end({
        trace: null,
        problem: { message: `The program ended its worker: ${message || 'it ran out of memory'}` },
      })
    }
    this.#port.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (data.is === 'begun') timer = window.setTimeout(() => stop(`after ${LIMITS.seconds} s`), 1000 * LIMITS.seconds)
      else if (data.is === 'printed') printed(data.printed)
      else if (data.is === 'at') {
        line = data.line
        if (data.nodes > LIMITS.nodes) stop('at 1 million recorded operations')
        else if (data.bytes > LIMITS.bytes) stop('at 1 GB of recorded values')
      } else if (data.is === 'part') {
        clearTimeout(timer)
        nodes.push(...data.nodes)
      } else if (data.is === 'ended') {
        const { trace, problem } = data
        // To show it is work enough for a task of its own.
        setTimeout(() => this.#end({ trace: trace && { ...trace, nodes }, problem }))
        this.#expect()
      } else if (data.is === 'there') clearTimeout(this.#silence)
      else this.#answered(data)
    }
    return new Promise((resolve) => {
      this.#end = (outcome) => {
        clearTimeout(timer)
        resolve(outcome)
      }
      this.#send({ is: 'run', source })
    })
  }

  /** Stops the program at the reader's wish. */
  cancel(): void {
    this.dispose()
    this.#end({ trace: null, problem: { message: 'Stopped' } })
  }

  session(origin: string, trace: Trace): Session {
    return { origin, trace, explain: (output, input) => this.#explain(output, input) }
  }

  /** Ends the worker; what was asked and not answered is refused. */
  dispose(): void {
    clearTimeout(this.#silence)
    this.#worker.terminate()
    this.#port.close()
    this.#isOver = true
    for (const { reject } of this.#waiting.values()) reject(over())
    this.#waiting.clear()
  }

  #send(request: Request): void {
    this.#port.postMessage(request)
  }

  /** Ends a worker that does not answer in time: a program has left something behind that does not end. */
  #expect(): void {
    clearTimeout(this.#silence)
    this.#silence = window.setTimeout(() => this.dispose(), 1000 * LIMITS.seconds)
    this.#send({ is: 'there?' })
  }

  #explain(output: Element, input: Element): Promise<ExplanationJson> {
    if (this.#isOver) return Promise.reject(over())
    this.#expect()
    const id = ++this.#asked
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#send({ is: 'explain', id, output, input })
    })
  }

  #answered(reply: Extract<Reply, { id: number }>): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (reply.is === 'explained') waiting?.resolve(reply.explanation)
    else waiting?.reject(new Error(reply.message))
  }
}
