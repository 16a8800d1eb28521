/**
 * The process of a script: it is made ready for observation, then the task runs, and what comes of it is said to the
 * process that started this one. What the script may do to end it all (throw, exit, wait forever) is caught here.
 */
import * as module from 'node:module'
import { pathToFileURL } from 'node:url'
import { inspect, types } from 'node:util'
import { Worker } from 'node:worker_threads'
import { ChainruleError } from '../../errors/index.ts'
import type { SyntaxFormatError } from '../../explain/instrument/index.ts'
import {
  type ErrorReport,
  hearQuestions,
  type Job,
  type Message,
  PHASE,
  PHASES,
  type Phase,
  say,
  send,
} from './protocol.ts'
import { ScriptError } from './script-error.ts'
import type { Script } from './tasks.ts'
import type { WatchdogData } from './watchdog.ts'

const job: Job = JSON.parse(process.argv[2])
const shared = new Int32Array(new SharedArrayBuffer(8))
const exit = process.exit

/** Says how it ended, and ends. */
function finish(message: Message): never {
  say(shared, message)
  return exit(message.is === 'result' ? 0 : 1)
}

const enter = (phase: Phase): void => {
  Atomics.store(shared, PHASE, PHASES.indexOf(phase))
}
const phase = (): Phase => PHASES[Atomics.load(shared, PHASE)]

/** What unwinds the script after it has called `process.exit(0)`; it ends the script and not the task. */
class Exit extends Error {
  override readonly name = 'Exit'
}

const drained = new Promise<void>((resolve) => process.once('beforeExit', () => resolve()))
const exited = new Promise<void>((resolve) => {
  process.exit = (code = process.exitCode) => {
    if (Number(code ?? 0) !== 0) finish({ is: 'exit', code: Number(code), stack: new Error().stack! })
    resolve()
    throw new Exit('process.exit(0) was called')
  }
})

async function load(): Promise<Readonly<Record<string, unknown>>> {
  const stalled = drained.then(() => {
    if (phase() === 'loading') finish({ is: 'stalled', phase: 'loading' })
  })
  watchdog.postMessage('the script begins')
  const imported = import(pathToFileURL(job.file).href).catch(fail)
  const exports = await Promise.race([imported, exited, stalled])
  enter('draining')
  await Promise.race([drained, exited])
  enter('task')
  return exports ?? {}
}

async function stay(answer: (question: unknown) => void): Promise<void> {
  watchdog.postMessage('its time does not count any more')
  send({ is: 'staying' })
  await hearQuestions(answer)
}

function fail(error: unknown): void {
  if (error instanceof Exit) return
  finish({ is: 'error', error: describe(error) })
}

/** Values of any kind can be thrown, with properties of any kind. */
function describe(error: unknown): ErrorReport {
  const ours = error instanceof ChainruleError
  // An error from the thread of the hooks is a copy, and one from another realm no instance.
  if (!(error instanceof Error || types.isNativeError(error)))
    return { name: '', message: inspect(error), stack: '', ours }
  const { name, message, stack, code, specifier, importer, cause } = error as Error & { [key: string]: unknown }
  const because = cause instanceof Error ? String(cause) : cause && inspect(cause)
  const texts = Object.entries({ code, specifier, importer, name, message, stack, cause: because })
  const told = Object.fromEntries(texts.filter(([, text]) => typeof text === 'string'))
  return { name: '', message: '', stack: '', ours, ...told, ...placed(error) }
}

/** What a ScriptError says of itself, and where an error that the instrumenter threw found wrong syntax. */
function placed(error: Error): Pick<ErrorReport, 'reason' | 'place'> {
  if (error instanceof ScriptError) return { reason: error.reason, place: error.place }
  const { place } = error as Partial<SyntaxFormatError>
  return typeof place?.path === 'string' && typeof place.line === 'number' ? { place } : {}
}

/** A script that catches everything itself is left to do so. */
function catchEverything(): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      if (process.listenerCount(event) === 1) fail(error)
    })
  process.on('exit', (code) => {
    const waits = code === 0 || code === UNSETTLED
    say(shared, waits ? { is: 'stalled', phase: phase() } : { is: 'exit', code, stack: '' })
  })
}

/** With this code Node ends a process whose main module waits for nothing. */
const UNSETTLED = 13

async function observe(): Promise<void> {
  const newer = (module as { registerHooks?: (hooks: object) => void }).registerHooks
  if (newer) newer(await import('./hooks.ts'))
  else module.register('./hooks.js', import.meta.url)
}

const workerData: WatchdogData = { shared, job }
const watchdog = new Worker(new URL('./watchdog.js', import.meta.url), { workerData })
// It sends a message only in order that code runs here, which can be paused.
watchdog.on('message', () => {}).unref()
// Of the user's own calls, which stand below those of the library.
Error.stackTraceLimit = 100
process.argv = [process.execPath, job.file, ...job.args]
catchEverything()
await observe()
const script: Script = { path: job.path, load, note: (note) => send({ is: 'note', note }), stay }
try {
  const { run } = await import(`./tasks/${job.task}.js`)
  finish({ is: 'result', result: await run(script, job.options) })
} catch (error) {
  fail(error)
}
