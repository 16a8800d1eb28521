/**
 * Runs programs, each in a worker of its own, and ends those that do not end by themselves. The worker of the program that
 * is shown lives on, since it alone can explain what it computed.
 */
import type { ExplanationJson, Trace } from 'chainrule/explain'
import type { Element, Session } from '../model/session.ts'
import type { Printed, Problem, Reply, Request } from './protocol.ts'

/** A program has so long, and may record so many ops. */
export const LIMITS = { seconds: 5, nodes: 1_000_000 } as const

export interface Listener {
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

/** One worker and one program. */
export class Runner {
  readonly #worker = new Worker(new URL('./sandbox/program-worker.ts', import.meta.url), { type: 'module' })
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0
  #end: (outcome: Outcome) => void = () => {}

  /** Runs the program to its end, or to that of its time. */
  run(source: string, { printed }: Listener): Promise<Outcome> {
    let [line, timer] = [0, 0]
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
    this.#worker.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (data.is === 'begun') timer = window.setTimeout(() => stop(`after ${LIMITS.seconds} s`), 1000 * LIMITS.seconds)
      else if (data.is === 'printed') printed(data.printed)
      else if (data.is === 'at') {
        line = data.line
        if (data.nodes > LIMITS.nodes) stop('at 1 million recorded operations')
      } else if (data.is === 'ended') this.#end({ trace: data.trace, problem: data.problem })
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
    this.#worker.terminate()
    for (const { reject } of this.#waiting.values())
      reject(new Error('This program is not running any more; run it again'))
    this.#waiting.clear()
  }

  #send(request: Request): void {
    this.#worker.postMessage(request)
  }

  #explain(output: Element, input: Element): Promise<ExplanationJson> {
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
