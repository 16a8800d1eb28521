/** Runs one program under observation and keeps what it recorded, so that questions about it can be answered. */
import { ChainruleError } from 'chainrule'
import { type Recording, startRecording, type Trace } from 'chainrule/explain'
import { type Instrumented, instrument, type Position } from 'chainrule/explain/instrument'
import { PROGRAM, type Problem } from '../protocol.ts'
import { ImportError, inWords, link, moduleOf } from './modules.ts'
import { overhear } from './whereabouts.ts'

export interface Ran {
  readonly recording: Recording
  readonly trace: Trace
  readonly problem: Problem | null
}

export async function run(source: string, tell: (line: number, nodes: number) => void): Promise<Ran> {
  const session = startRecording({ title: PROGRAM, sources: { [PROGRAM]: source } })
  let problem: Problem | null = null
  overhear(tell)
  try {
    await evaluate(source)
  } catch (error) {
    problem = describe(error, source)
  }
  const recording = session.stop()
  return { recording, trace: traceOf(recording), problem }
}

async function evaluate(source: string): Promise<void> {
  const instrumented = instrument(source, { path: PROGRAM, typescript: true })
  // Its name in stack traces, from which lines are read.
  const code = `${linked(instrumented)}\n//# sourceURL=${PROGRAM}`
  const url = moduleOf(code)
  try {
    await import(/* @vite-ignore */ url)
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

function describe(thrown: unknown, source: string): Problem {
  if (!(thrown instanceof Thrown)) return syntax(thrown as Error & { readonly place?: Position })
  const { error, original } = thrown
  if (error instanceof ImportError) return { message: error.message, ...original(error.place) }
  if (!(error instanceof Error))
    return { message: `threw ${String(error)}; only an Error tells where it comes from: throw new Error(...)` }
  const absent = absentOf(error, source)
  if (absent) return absent
  const places = [...(error.stack ?? '').matchAll(FRAME)].map(([, name = '', line, column]) => ({
    name,
    ...original({ line: Number(line), column: Number(column) }),
  }))
  const told = error instanceof ChainruleError ? error.message : `${error.name}: ${inWords(error.message)}`
  const [place, ...callers] = places
  const stack = callers.map(
    ({ name, line, column }) => `called at ${PROGRAM}:${line}:${column}${name && ` in ${name}`}`,
  )
  return { message: told, ...(place && { line: place.line, column: place.column }), stack: stack.join('\n') }
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

/** A trace may hold so many numbers; larger tensors are then summed up, so that the page stays quick. */
const MOST_NUMBERS = 200_000

/** The trace with as many elements as there is room for. */
export function traceOf(recording: Recording): Trace {
  const sizes = recording.nodes.map(({ value }) => value.size)
  const fits = (most: number) => sizes.reduce((sum, size) => sum + (size <= most ? size : 0), 0) <= MOST_NUMBERS
  return recording.toTrace({ maxElements: [4096, 1024, 256, 64, 16].find(fits) ?? 1 })
}
