/**
 * The script that is explored: it runs in a process of its own, again whenever one of its files is saved, and that of the
 * last run stays to explain what it computed.
 */
import { unwatchFile, watchFile } from 'node:fs'
import { resolve } from 'node:path'
import type { ExplanationJson, RecordedElement, Trace } from '../../explain/index.ts'
import { type RunningScript, ScriptError, startScript } from '../script/index.ts'
import { shownPath } from '../script/modules.ts'
import type { ExploreNote } from '../script/tasks/explore.ts'
import { filesOf } from './imports.ts'
import type { PrintedLine, ScriptProblem, ServerEvent } from './messages.ts'
import { Printed } from './printed.ts'

export interface ProgramOptions {
  readonly script: string
  readonly args: readonly string[]
  readonly timeoutMs: number
  readonly maxNodes: number
  /** Is told what happens, as it happens. */
  readonly tell: (event: ServerEvent) => void
}

interface Waiting {
  resolve(explanation: ExplanationJson): void
  reject(error: Error): void
}

/** Files are looked at so often. */
const WATCH_MS = 200
/** So long a file may be gone while it is being replaced. */
const REPLACED_MS = 600

export class Program {
  readonly #options: ProgramOptions
  #run = 0
  #script: RunningScript<'explore'> | null = null
  /** The last thing that was told of this run: that it runs, or how it ended. */
  #state: ServerEvent | null = null
  #printed = new Printed()
  #watched: readonly string[] = []
  /** A file that is gone, if that was told. */
  #missing: ServerEvent | null = null
  #absence: NodeJS.Timeout | undefined
  #asked = 0
  readonly #waiting = new Map<number, Waiting>()

  constructor(options: ProgramOptions) {
    this.#options = options
  }

  /** What a page that has just come must know. */
  get story(): ServerEvent[] {
    const printed: ServerEvent = { is: 'printed', run: this.#run, printed: this.#printed.lines }
    const running: ServerEvent = { is: 'running', run: this.#run }
    if (this.#state === null) return []
    const ended = this.#state.is === 'ended' ? [this.#state] : []
    return [running, printed, ...ended, ...(this.#missing ? [this.#missing] : [])]
  }

  /** Runs the script from its beginning; the run before is over. */
  start(): void {
    this.#stop('the script is run again')
    const run = ++this.#run
    this.#missing = null
    this.#printed = new Printed()
    this.#say({ is: 'running', run })
    this.#watch()
    let trace: Trace | null = null
    const end = (problem: ScriptProblem | null): void => {
      if (run !== this.#run) return
      this.#print(this.#printed.end())
      this.#say({ is: 'ended', run, trace, problem, live: problem === null })
    }
    const note = (said: ExploreNote): void => {
      if (run !== this.#run) return
      if (said.is !== 'trace') {
        this.#answered(said)
        return
      }
      trace = said.trace
      // Of a script that failed, the reason comes with the end of its process.
      if (said.whole) end(null)
    }
    const fail = (error: unknown): void => {
      if (run !== this.#run) return
      this.#script = null
      this.#refuse('the script has ended; save it to run it again')
      end(problemOf(error))
    }
    try {
      this.#script = this.#launch(run, note)
      this.#script.result.catch(fail)
    } catch (error) {
      fail(error)
    }
  }

  #launch(run: number, note: (note: ExploreNote) => void): RunningScript<'explore'> {
    const { script, args, timeoutMs, maxNodes } = this.#options
    return startScript(script, {
      task: 'explore',
      options: { maxNodes },
      args,
      timeoutMs,
      onNote: (said) => note(said as ExploreNote),
      onOutput: (text, stream) => {
        process.stderr.write(text)
        if (run === this.#run) this.#print(this.#printed.add(text, stream === 'stderr' ? 'error' : 'log'))
      },
    })
  }

  /** @throws Error where that run is over or the library refuses. */
  explain(run: number, output: RecordedElement, input: RecordedElement): Promise<ExplanationJson> {
    if (run !== this.#run || !this.#script) throw new Error('this run of the script is over')
    const id = ++this.#asked
    this.#script.ask({ id, output, input })
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  /** Ends everything. */
  close(): void {
    this.#stop('the command has ended')
    this.#run++
    this.#unwatch()
  }

  #stop(why: string): void {
    this.#refuse(why)
    this.#script?.stop()
    this.#script = null
  }

  #refuse(why: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(why))
    this.#waiting.clear()
  }

  #answered(said: Exclude<ExploreNote, { is: 'trace' }>): void {
    const waiting = this.#waiting.get(said.id)
    this.#waiting.delete(said.id)
    if (said.is === 'answer') waiting?.resolve(said.explanation)
    else waiting?.reject(new Error(said.message))
  }

  #say(event: ServerEvent): void {
    this.#state = event
    this.#options.tell(event)
  }

  #print(printed: readonly PrintedLine[]): void {
    if (printed.length > 0) this.#options.tell({ is: 'printed', run: this.#run, printed })
  }

  /** Editors write in many ways; whatever they do, time or size changes. */
  #watch(): void {
    this.#unwatch()
    this.#watched = filesOf(resolve(this.#options.script))
    for (const file of this.#watched)
      watchFile(file, { interval: WATCH_MS }, (now, before) => {
        if (now.mtimeMs === 0) this.#miss(file)
        else if (now.mtimeMs !== before.mtimeMs || now.size !== before.size) this.start()
      })
  }

  #unwatch(): void {
    clearTimeout(this.#absence)
    for (const file of this.#watched) unwatchFile(file)
  }

  /** While it is being replaced it is gone for a moment: that is not told, for then the script runs again. */
  #miss(file: string): void {
    clearTimeout(this.#absence)
    this.#absence = setTimeout(() => {
      this.#missing = { is: 'missing', file: nameOf(file) }
      this.#options.tell(this.#missing)
    }, REPLACED_MS)
  }
}

function problemOf(error: unknown): ScriptProblem {
  if (!(error instanceof ScriptError)) return { message: String(error) }
  const { message, place } = error
  if (!place) return { message }
  const [first, ...rest] = message.split('\n')
  const calls = rest.filter((line) => /^ {2}(?:called at|caused by)/.test(line)).map((line) => line.trim())
  return {
    message: first.replace(`${place.path}:${place.line}:${place.column}: `, ''),
    file: place.path,
    line: place.line,
    column: place.column,
    ...(calls.length > 0 && { stack: calls.join('\n') }),
  }
}

/** What the page calls the script. */
export const nameOf = (script: string): string => shownPath(resolve(script), process.cwd())
