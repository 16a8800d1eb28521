/** `record`: runs a program under observation. */
import { ArgumentError, checkOptions } from '../../errors/index.ts'
import { flag, shown } from '../../ops/arguments.ts'
import { type Focus, Recorder } from './recorder.ts'
import { Recording } from './recording.ts'
import type { Step } from './steps.ts'

export interface RecordOptions {
  /** What the recording is called; 'Recording' unless given. */
  readonly title?: string
  /** How many applications of ops are kept, the first ones; 20,000 unless given. */
  readonly maxNodes?: number
  /**
   * One call of backward to keep, with what it went over and the lines as they were then: the last one, or that of this
   * number, from 1. So programs of any length can be recorded. All calls are kept unless given.
   */
  readonly call?: Focus
  /** The paths of files below this folder are told from there, as those of instrumented files often are. */
  readonly root?: string
  /**
   * Whether it is noted where in the source each op was applied; true unless given. To capture a stack costs more than to
   * apply an op to one number, so that a program that is recorded again and again may do without.
   */
  readonly places?: boolean
  /** The texts of the program's files by path, to be kept with the recording. */
  readonly sources?: Readonly<Record<string, string>>
}

/**
 * Runs `fn` and notes every op with its operands, value and place in the source, what backward brings to it, and the
 * modules it belongs to. Variables lend their names where the program was instrumented (see `instrument`). What was
 * recorded can be explained afterwards, also when backward has freed it.
 * @param fn the program; an async function gives a promise of its recording.
 * @throws what `fn` throws.
 * @example const w = tensor(3, { requiresGrad: true, name: 'w' }); record(() => w.square().backward()).nodes.map((node) => node.name) // ['w', 'v1']
 */
export function record<T>(fn: () => Promise<T>, options?: RecordOptions): Promise<Recording<T>>
export function record<T>(fn: () => T, options?: RecordOptions): Recording<T>
export function record<T>(fn: () => T | Promise<T>, options: RecordOptions = {}): Recording<T> | Promise<Recording<T>> {
  if (typeof fn !== 'function') throw new ArgumentError(`record: takes a function: record(() => ...), got ${shown(fn)}`)
  const session = startRecording(options)
  let value: T | Promise<T>
  try {
    value = fn()
  } catch (error) {
    session.stop()
    throw error
  }
  if (value instanceof Promise)
    return value.then(
      (made) => session.stop(made),
      (error) => {
        session.stop()
        throw error
      },
    )
  return session.stop(value)
}

/** A recording that is under way. */
export interface RecordingSession {
  /** Ends it and gives what was recorded, also of a program that failed. */
  stop<T>(value?: T): Recording<T>
}

/**
 * Starts a recording that lasts until its `stop()`: for programs that are not one function.
 * @example const session = startRecording(); tensor(3, { requiresGrad: true }).square(); session.stop().nodes.length // 2
 */
export function startRecording(options: RecordOptions = {}): RecordingSession {
  checkOptions('record', options, ['title', 'maxNodes', 'call', 'root', 'places', 'sources'])
  const { title = 'Recording', maxNodes = 20_000, call, root = '', sources = {} } = options
  if (!Number.isInteger(maxNodes) || maxNodes < 1)
    throw new ArgumentError(`record: maxNodes is a positive number of ops, got ${shown(maxNodes)}`)
  if (call !== undefined && call !== 'last' && !(Number.isInteger(call) && call > 0))
    throw new ArgumentError(`record: call is 'last' or the number of a call, from 1, got ${shown(call)}`)
  const recorder = new Recorder(maxNodes, root, flag('record', 'places', options.places, true), call)
  recorder.start()
  return {
    stop<T>(value?: T): Recording<T> {
      recorder.stop()
      return new Recording(recorder, value as T, title, sources)
    },
  }
}

/**
 * A program as a list of steps, forward and backward: see `Recording`. Going back in it is as exact as going on.
 * @param program a recording, or a function to be recorded.
 * @example steps(() => tensor(3, { requiresGrad: true }).square().backward()).map((step) => step.phase) // ['leaves', 'forward', 'seed', 'backward']
 */
export const steps = (program: Recording | (() => unknown)): readonly Step[] =>
  (program instanceof Recording ? program : record(program as () => void)).steps
