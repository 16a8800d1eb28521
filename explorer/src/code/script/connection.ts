/**
 * The connection to `chainrule explore`. The server runs the script and sends its trace whenever it was run again; the
 * page only shows it. When the server is gone, what was sent stays, and now and then it is looked for again.
 */
import type { ExplanationJson } from 'chainrule/explain'
import { create } from 'zustand'
import type { Element, Session } from '../../model/session.ts'
import type { Printed } from '../protocol.ts'
import { eventsOf, type ScriptProblem, type ServerEvent } from './events.ts'
import { takeToken } from './token.ts'

export interface Connection {
  /** `none`: the page does not come from the command. `other`: another run of the command is there in its place. */
  readonly state: 'none' | 'connecting' | 'connected' | 'gone' | 'other'
  readonly script: string | null
  readonly running: boolean
  /** A file of the script that has been deleted or moved. */
  readonly missing: string | null
  readonly printed: readonly Printed[]
  readonly problem: ScriptProblem | null
  readonly session: Session | null
  /** Whether the session is of an earlier run, because the last one gave none. */
  readonly stale: boolean
}

export const SCRIPT = 'graph'
/** What a run of the command says to the token of another one. */
const REFUSED = 403
const RETRY_MS = { first: 500, most: 10_000 }

const token = takeToken()

export const useConnection = create<Connection>(() => ({
  state: token === null ? 'none' : 'connecting',
  script: null,
  running: false,
  missing: null,
  printed: [],
  problem: null,
  session: null,
  stale: false,
}))
const set = useConnection.setState

const headers = (): Record<string, string> => ({ 'X-Chainrule-Token': token ?? '' })

let started = false

/** Listens for as long as the page is open; called again, it does nothing. */
export function connect(): void {
  if (started || token === null) return
  started = true
  void listen()
}

async function listen(): Promise<void> {
  for (let wait = RETRY_MS.first; ; wait = Math.min(2 * wait, RETRY_MS.most)) {
    let state: Connection['state'] = 'gone'
    try {
      const response = await fetch('api/events', { headers: headers() })
      if (response.ok && response.body) {
        wait = RETRY_MS.first
        for await (const event of eventsOf(response.body)) hearOrReport(event)
      } else if (response.status === REFUSED) state = 'other'
    } catch {
      // It is not there, or has gone: both are told below.
    }
    live = null
    set({ state, running: false })
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}

/** A mistake of the page itself is no lost connection: it is reported as what it is, and the next event is heard. */
function hearOrReport(event: ServerEvent): void {
  try {
    hear(event)
  } catch (error) {
    reportError(error)
  }
}

function hear(event: ServerEvent): void {
  if (event.is === 'hello') set({ state: 'connected', script: event.script })
  else if (event.is === 'running') {
    live = null
    set({ running: true, missing: null, printed: [], problem: null })
  } else if (event.is === 'missing') set({ missing: event.file })
  else if (event.is === 'printed') set(({ printed }) => ({ printed: [...printed, ...event.printed] }))
  else {
    const { trace, problem, run } = event
    live = event.live ? run : null
    const isSomething = trace !== null && (trace.nodes.length > 0 || problem === null)
    set(({ session }) => ({
      running: false,
      problem,
      stale: !isSomething && session !== null,
      ...(isSomething && { session: { origin: SCRIPT, trace, explain: (y, x) => ask(run, y, x) } }),
    }))
  }
}

/** The run that can be asked; null while there is none. */
let live: number | null = null

async function ask(run: number, output: Element, input: Element): Promise<ExplanationJson> {
  if (run !== live)
    throw new Error('Only the last run that has ended well can be asked; save the script to run it again')
  const response = await fetch('api/explain', {
    method: 'POST',
    headers: { ...headers(), 'Content-Type': 'application/json' },
    body: JSON.stringify({ run, output, input }),
  }).catch(() => {
    throw new Error('The command that ran the script has ended; start chainrule explore again')
  })
  const answer = (await response.json()) as ExplanationJson | { readonly error: string }
  if ('error' in answer) throw new Error(answer.error)
  return answer
}
