/**
 * Runs a script of the user under observation, in a process of its own: it may loop forever, fill the memory or exit,
 * and none of this reaches the command. (A thread would share memory, and end, with the command.)
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { checkOptions } from '../../errors/index.ts'
import { failureOf } from './failures.ts'
import { EXTENSIONS, installedVersion, isCommonJs, ownVersion, shownPath } from './modules.ts'
import { hear, type Job, type Message, PIPE } from './protocol.ts'
import { ScriptError } from './script-error.ts'
import type { Task, TaskOptions, TaskResult } from './tasks.ts'

export interface RunOptions<T extends Task> {
  /** What is done with the script. */
  readonly task: T
  /** What the task is told. */
  readonly options: TaskOptions<T>
  /** What the script finds in `process.argv` after its own name. */
  readonly args?: readonly string[]
  /** Environment variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** So long after it has begun the script is stopped; never, if it is not given. */
  readonly timeoutMs?: number
  /** Is given what the script prints; by default all of it goes to stderr, so that stdout is free for the result. */
  readonly onOutput?: (text: string, stream: 'stdout' | 'stderr') => void
  /** Is given what the task says before its result, or while the script fails. */
  readonly onNote?: (note: unknown) => void
}

/** A script that is running. */
export interface RunningScript<T extends Task> {
  /** What the task finds out. @throws {ScriptError} as `runScript` does. */
  readonly result: Promise<TaskResult<T>>
  /** Asks a task that stays; it answers by notes. */
  ask(question: unknown): void
  /** Ends it; its result is then a ScriptError whose reason is `interrupted`. */
  stop(): void
}

/**
 * Runs a script (an ES module in TypeScript or JavaScript) and gives what the task has found out.
 *
 * ```ts
 * await runScript('model.ts', { task: 'run', options: {}, timeoutMs: 10_000 }) // { exports: ['model'] }
 * ```
 *
 * @throws {ScriptError} whose `reason` says why there is no result and whose message is for the user.
 */
export async function runScript<T extends Task>(path: string, options: RunOptions<T>): Promise<TaskResult<T>> {
  return startScript(path, options).result
}

/**
 * The same for a task that stays and answers questions.
 * @throws {ScriptError} where there is no script that could be run.
 */
export function startScript<T extends Task>(path: string, options: RunOptions<T>): RunningScript<T> {
  checkOptions('runScript', options, ['task', 'options', 'args', 'env', 'timeoutMs', 'onOutput', 'onNote'])
  const file = resolve(path)
  const { task, args = [], env = {}, onOutput = toStderr, onNote = () => {} } = options
  const timeoutMs = options.timeoutMs === undefined ? null : Math.min(options.timeoutMs, LONGEST_MS)
  const where = { file, path: shownPath(file, process.cwd()), parent: process.pid }
  const job: Job = { ...where, task, options: options.options, args, timeoutMs }
  checkFile(job)
  noteVersion(job, onOutput)
  const child = spawn(process.execPath, [fileURLToPath(new URL('./child.js', import.meta.url)), JSON.stringify(job)], {
    stdio: ['inherit', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const watched = watch(child, job, onOutput, onNote)
  const pipe = child.stdio[PIPE] as Duplex
  return {
    result: watched.end.then((end) => resultOf(end, job) as TaskResult<T>),
    ask: (question) => void pipe.write(`${JSON.stringify(question)}\n`),
    stop: watched.interrupt,
  }
}

function resultOf(end: End, job: Job): unknown {
  const { message } = end
  if (end.interrupted) throw new ScriptError('interrupted', `${job.path}: interrupted`)
  if (!message) throw crashOf(end, job)
  if (message.is !== 'result') throw failureOf(message, job)
  return message.result
}

/** A timer that is set to more than 2³¹ ms fires at once. */
const LONGEST_MS = 2 ** 30

type OnOutput = NonNullable<RunOptions<Task>['onOutput']>

const toStderr = (text: string): void => {
  process.stderr.write(text)
}

function checkFile({ file, path }: Job): void {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (!stats) throw new ScriptError('missing', `${path}: there is no such file`)
  if (stats.isDirectory()) throw new ScriptError('missing', `${path}: this is a folder; name a script in it`)
  const extension = extname(file)
  if (/^\.[jt]sx$/.test(extension)) throw new ScriptError('unsupported', `${path}: JSX cannot be observed`)
  const wanted = 'only ES modules can be observed, which have import and export'
  if (/^\.c[jt]s$/.test(extension) || (extension === '.js' && isCommonJs(readFileSync(file, 'utf8'))))
    throw new ScriptError('unsupported', `${path}: this is a CommonJS module (require, module.exports); ${wanted}`)
  if (!EXTENSIONS.includes(extension))
    throw new ScriptError('unsupported', `${path}: a script ends in ${EXTENSIONS.join(', ')}`)
}

/** The script runs with this package, also where another version is installed for it: it must be said. */
function noteVersion({ file, path }: Job, tell: (text: string, stream: 'stderr') => void): void {
  const installed = installedVersion(file)
  const own = ownVersion()
  if (installed && installed.version !== own)
    tell(`${path}: runs with chainrule ${own}, although ${installed.folder} has ${installed.version}\n`, 'stderr')
}

/** How the process of a script ended. */
interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly message: Message | undefined
  readonly interrupted: boolean
  readonly outOfMemory: boolean
}

/** What V8 prints before it gives up; it says nothing that a user could use. */
const LAST_WORDS = '<--- Last few GCs --->'
/** For its start and for saying where it is, the script has so long beside its time; for its last output, so long. */
const GRACE_MS = { timeout: 10_000, output: 500 }

interface Watched {
  readonly end: Promise<End>
  /** Ends the process as Ctrl-C does. */
  readonly interrupt: () => void
}

function watch(child: ChildProcess, job: Job, onOutput: OnOutput, onNote: (note: unknown) => void): Watched {
  let message: End['message']
  let [interrupted, outOfMemory] = [false, false]
  const kill = (): void => void child.kill('SIGKILL')
  const interrupt = (): void => {
    interrupted = true
    kill()
  }
  const { timeoutMs } = job
  const timer = timeoutMs === null ? undefined : setTimeout(kill, timeoutMs + GRACE_MS.timeout)
  const heard = hear((next) => {
    if (next.is === 'note') onNote(next.note)
    else if (next.is === 'staying') clearTimeout(timer)
    else message = next
    // It was paused for this.
    if (next.is === 'timeout') kill()
  })
  const pipe = child.stdio[PIPE]!
  pipe.on('data', heard)
  // Of a question to a process that has just ended.
  pipe.on('error', () => {})
  for (const name of ['stdout', 'stderr'] as const)
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      outOfMemory ||= name === 'stderr' && text.includes(LAST_WORDS)
      const shown = outOfMemory && name === 'stderr' ? text.slice(0, Math.max(text.indexOf(LAST_WORDS), 0)) : text
      if (shown) onOutput(shown, name)
    })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, interrupt)
  const end = ended(child)
    .then(({ code, signal }) => ({ code, signal, message, interrupted, outOfMemory }))
    .finally(() => {
      clearTimeout(timer)
      for (const stream of child.stdio) stream?.destroy()
      for (const signal of signals) process.off(signal, interrupt)
    })
  return { end, interrupt }
}

/** The end of a process and of its output; the latter is not waited for, if a process that it started holds it open. */
function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('exit', (code, signal) => setTimeout(resolve, GRACE_MS.output, { code, signal }).unref())
  })
}

const ABORTED = 134

function crashOf({ code, signal, outOfMemory }: End, { path, timeoutMs }: Job): ScriptError {
  if (outOfMemory) {
    const remedy = 'free what is not needed, or allow more: NODE_OPTIONS=--max-old-space-size=8192 (in MB)'
    return new ScriptError('memory', `${path}: ran out of memory; ${remedy}`)
  }
  if (signal === 'SIGKILL' && timeoutMs !== null)
    return new ScriptError('timeout', `${path}: did not end within ${timeoutMs / 1000} s, nor say where it was`)
  const how = signal ?? (code === ABORTED ? 'SIGABRT' : `exit code ${code}`)
  return new ScriptError('crashed', `${path}: its process ended without a word (${how})`)
}
