/** Runs one program under observation and keeps what it recorded, so that questions about it can be answered. */
import { ChainruleError } from 'chainrule'
import { type Recording, startRecording, type Trace } from 'chainrule/explain'
import { type Instrumented, instrument, type Position } from 'chainrule/explain/instrument'
import { ROOM } from '../../model/local.ts'
import { PROGRAM, type Problem, type Whereabouts } from '../protocol.ts'
import { clipped, shown } from './console.ts'
import { ImportError, inWords, link, moduleOf } from './modules.ts'
import { overhear } from './whereabouts.ts'

interface Ran {
  readonly recording: Recording
  /** Null where what the program did left nothing that could be read. */
  readonly trace: Trace | null
  readonly problem: Problem | null
}

export interface Watch {
  readonly at: (where: Whereabouts) => void
  /** Is told of errors that come when the program has ended. */
  readonly late: (message: string) => void
}

/** The program cannot put another in its place. */
const later = setTimeout

export async function run(source: string, { at, late }: Watch): Promise<Ran> {
  const session = startRecording({ title: PROGRAM, sources: { [PROGRAM]: source } })
  let problem: Problem | null = null
  let isOver = false
  overhear(at)
  try {
    const instrumented = instrument(source, { path: PROGRAM, typescript: true })
    const uncaught = new Promise((_, reject) => {
      hearErrors((error) => {
        const thrown = new Thrown(error, instrumented)
        if (isOver) late(describe(thrown, source).message)
        else reject(thrown)
      })
    })
    await Promise.race([evaluate(instrumented), uncaught])
  } catch (error) {
    problem = describe(error, source)
  }
  isOver = true
  const recording = session.stop()
  try {
    return { recording, trace: recording.toTrace(ROOM), problem }
  } catch (error) {
    return { recording, trace: null, problem: problem ?? describe(error, source) }
  }
}

/** Errors of timers, and of promises that nobody awaits. */
function hearErrors(failed: (error: unknown) => void): void {
  addEventListener('error', (event) => {
    event.preventDefault()
    failed(event.error)
  })
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault()
    failed(event.reason)
  })
}

async function evaluate(instrumented: Instrumented): Promise<void> {
  // Its name in stack traces, from which lines are read.
  const code = `${linked(instrumented)}\n//# sourceURL=${PROGRAM}`
  const url = moduleOf(code)
  try {
    await import(/* @vite-ignore */ url)
    // What the program has begun and not awaited goes on as far as it can without waiting.
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => later(resolve))
  } catch (error) {
    throw new Thrown(error, instrumented)
  } finally {
    URL.revokeObjectURL(url)
  }
}

function linked(instrumented: Instrumented): string {
  try {
    return link(instrumented.code)
  } catch (error) {
    throw new Thrown(error, instrumented)
  }
}

/** What a program threw, which may be anything, and the way back to its source. */
class Thrown {
  readonly error: unknown
  readonly original: Instrumented['original']

  constructor(error: unknown, { original }: Instrumented) {
    this.error = error
    this.original = original
  }
}

/** In words, whatever it is: it may be an object that fails when it is looked at. */
function describe(thrown: unknown, source: string): Problem {
  try {
    const { message, stack, ...place } = described(thrown, source)
    return { message: clipped(message), ...place, ...(stack && { stack: clipped(stack) }) }
  } catch {
    return { message: 'threw something that cannot be shown' }
  }
}

function described(thrown: unknown, source: string): Problem {
  if (!(thrown instanceof Thrown)) return syntax(thrown as Error & { readonly place?: Position })
  const { error, original } = thrown
  if (error instanceof ImportError) return { message: error.message, ...original(error.place) }
  if (!(error instanceof Error))
    return { message: `threw ${shown(error)}; only an Error tells where it comes from: throw new Error(...)` }
  const absent = absentOf(error, source)
  if (absent) return absent
  const places = [...(error.stack ?? '').matchAll(FRAME)].map(([, name = '', line, column]) => ({
    name,
    ...original({ line: Number(line), column: Number(column) }),
  }))
  const [place, ...callers] = places
  const stack = callers.map(
    ({ name, line, column }) => `called at ${PROGRAM}:${line}:${column}${name && ` in ${name}`}`,
  )
  return {
    message: messageOf(error),
    ...(place && { line: place.line, column: place.column }),
    stack: stack.join('\n'),
  }
}

/** Names of pages that workers do not have. */
const OF_PAGES = /^(document|window|localStorage|sessionStorage|alert|prompt|confirm|parent|top) is not defined$/

function messageOf(error: Error): string {
  if (error instanceof ChainruleError) return error.message
  const name = OF_PAGES.exec(error.message)?.[1]
  const hint = name ? `; a program runs in a worker, which has no page and nothing of the page's` : ''
  return `${error.name}: ${inWords(error.message)}${hint}`
}

/** A name that an entry point does not export; engines say so without a place. */
function absentOf({ message }: Error, source: string): Problem | undefined {
  const [, module, name] = /'(.*)' does not provide an export named '(.*)'/.exec(inWords(message)) ?? []
  if (!name) return undefined
  const before = source.slice(
    0,
    Math.max(0, source.search(new RegExp(`(?<![\\w$])${name.replace(/\W/g, '\\$&')}(?![\\w$])`))),
  )
  const column = before.length - before.lastIndexOf('\n')
  return { message: `'${module}' has no export '${name}'`, line: before.split('\n').length, column }
}

/** A line of a stack trace in the program, as engines write it: `at f (main.ts:3:5)`, `f@main.ts:3:5`. */
const FRAME = /(?:at (?:async )?(?:new )?(\S+) \()?main\.ts:(\d+):(\d+)\)?/g

/** Syntax that cannot be read: the first line of the message says where again. */
function syntax({ message, place }: Error & { readonly place?: Position }): Problem {
  if (!place) return { message }
  const [first] = message.split('\n', 1)
  return { message: first.replace(/^\S+?:\d+:\d+: /, ''), line: place.line, column: place.column }
}
