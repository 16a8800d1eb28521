/** What is said to the user when a script gave no result: what happened, where in the source, and what to do. */
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { findAwaits, findImport } from '../../explain/instrument/find.ts'
import { excerpt, instrument } from '../../explain/instrument/index.ts'
import { Lines } from '../../explain/instrument/lines.ts'
import { observedFile, shownPath } from './modules.ts'
import type { ErrorReport, Frame, Job, Message, Phase } from './protocol.ts'
import { ScriptError, type ScriptPlace, type ScriptReason } from './script-error.ts'

/** A place, and the text in which it is. */
interface Spot extends ScriptPlace {
  readonly source: string
}

const cwd = process.cwd()

/** `model.ts:3:11: what happened`, the line and a caret below it. */
function failure(reason: ScriptReason, job: Job, spot: Spot | undefined, problem: string, more = ''): ScriptError {
  if (!spot) return new ScriptError(reason, `${job.path}: ${problem}${more}`)
  const { path, line, column, source } = spot
  const message = `${path}:${line}:${column}: ${problem}\n${excerpt(source, spot)}${more}`
  return new ScriptError(reason, message, { path, line, column })
}

export function failureOf(message: Exclude<Message, { is: 'result' }>, job: Job): ScriptError {
  if (message.is === 'error') return errorOf(message.error, job)
  if (message.is === 'exit') {
    const spot = spots(framesOf(message.stack))[0]
    return failure('exited', job, spot, `the script ended itself with process.exit(${message.code})`)
  }
  if (message.is === 'stalled') {
    const spot = message.phase === 'loading' ? awaited(job) : undefined
    return failure('stalled', job, spot, 'the script waits for a promise that nothing is left to settle')
  }
  return timeoutOf(message.phase, message.frames, job)
}

function timeoutOf(phase: Phase, frames: readonly Frame[], job: Job): ScriptError {
  const [spot] = spots(frames)
  const late = `did not end within ${(job.timeoutMs ?? 0) / 1000} s`
  if (spot) return failure('timeout', job, spot, `the script ${late}; it was here`)
  const wait = phase === 'loading' ? awaited(job) : undefined
  if (wait) return failure('timeout', job, wait, `the script ${late}; it waits`)
  if (phase === 'loading') return failure('timeout', job, undefined, `the script ${late}: it was loading or waiting`)
  const why =
    phase === 'draining' ? 'a timer, socket or process keeps it alive' : 'its result was still being worked out'
  return failure('timeout', job, undefined, `the script ${late}: ${why}`)
}

/** Where the script itself waits, if that can be at one place only. */
function awaited({ file, path }: Job): Spot | undefined {
  const source = readFileSync(file, 'utf8')
  const [place, second] = findAwaits(source, path)
  return place && !second ? { ...place, path, source } : undefined
}

function errorOf(error: ErrorReport, job: Job): ScriptError {
  const { name, message, stack, code, reason, place, ours } = error
  if (reason) return new ScriptError(reason, message, place)
  if (place) return new ScriptError('syntax', message, place)
  const missing = code?.startsWith('ERR_') || code === 'CHAINRULE_IMPORT' ? importOf(error, job) : undefined
  if (missing) return missing
  // V8 puts the place of a mistake that it finds before anything runs above the message.
  const [, url, line] = /^(file:.*):(\d+)\n/.exec(stack) ?? []
  if (url) return linkErrorOf(message, url, Number(line), job)
  const [spot, ...callers] = spots(framesOf(stack))
  // Of the library, about what was asked and not about the script.
  if (!spot && ours) return new ScriptError('task', message)
  const remedy = stack ? '' : '; only an Error tells where it comes from: throw new Error(...)'
  const calls = new Set(callers.map(({ path, line, column }) => `\n  called at ${path}:${line}:${column}`))
  const cause = error.cause ? `\n  caused by ${error.cause}` : ''
  const more = remedy + [...calls].slice(0, MOST_CALLERS).join('') + cause
  return failure('threw', job, spot, name ? `${name}: ${message}` : `threw ${message}`, more)
}

const MOST_CALLERS = 5

/** An import that leads nowhere. Node says who imports, and what, though not always in the words of the import. */
function importOf({ message, specifier, importer }: ErrorReport, job: Job): ScriptError | undefined {
  const [, name, from] = /'([^']*)'.* imported from (.*?)$/m.exec(message) ?? []
  const wanted = specifier ?? name
  const url = importer ?? (from && (from.startsWith('file:') ? from : pathToFileURL(from).href))
  const file = url && observedFile(url)
  if (!wanted || !file) return undefined
  const source = readFileSync(file, 'utf8')
  const path = shownPath(file, cwd)
  const place = findImport(source, path, wanted)
  const problem = specifier ? message : `cannot find the package '${wanted}'; is it installed?`
  return failure('import', job, place && { ...place, path, source }, problem)
}

/** A name that a module does not export, or syntax that this version of Node does not know. */
function linkErrorOf(message: string, url: string, line: number, job: Job): ScriptError {
  const file = fileURLToPath(url)
  const source = readFileSync(file, 'utf8')
  const spot = { path: shownPath(file, cwd), line, column: 1, source }
  const [, module, name] = /'(.*)' does not provide an export named '(.*)'/.exec(message) ?? []
  if (!name) return failure('syntax', job, spot, `${message} (in Node ${process.versions.node})`)
  const word = new RegExp(`(?<![\\w$])${name.replace(/\W/g, '\\$&')}(?![\\w$])`)
  const column = Math.max(new Lines(source).at(line).search(word), 0) + 1
  return failure('import', job, { ...spot, column }, `'${module}' has no export '${name}'`)
}

/** The frames of a stack trace as text. */
export function framesOf(stack: string): Frame[] {
  const found = stack.matchAll(/^ {4}at .*?(file:\S*?):(\d+):(\d+)\)?$/gm)
  return [...found].map(([, url, line, column]) => ({ url, line: Number(line), column: Number(column) }))
}

/** Those of the user's own files, in places of the source. */
export function spots(frames: readonly Frame[]): Spot[] {
  const originals = new Map<string, ReturnType<typeof instrument>['original']>()
  return frames.flatMap(({ url, line, column }) => {
    const file = observedFile(url)
    if (!file) return []
    const path = shownPath(file, cwd)
    const source = readFileSync(file, 'utf8')
    const original = originals.get(file) ?? instrument(source, { path }).original
    originals.set(file, original)
    return [{ ...original({ line, column }), path, source }]
  })
}
