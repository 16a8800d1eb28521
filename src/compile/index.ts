/**
 * Compiling: a function is run once on tensors without values, which gives a graph of all that it computes and changes;
 * from then on calls with the same kinds of arguments run the graph. In reading order: `trace/trace.ts` runs the function and
 * `trace/tracer.ts` writes down; `graph/graph.ts` is what is written and `graph/interpret.ts` what it means; `build.ts` makes
 * it runnable, by `wasm.ts`, for which `passes/` simplify it and `plan/lower.ts` makes a program of it. `trace/program.ts` is a
 * call, `trace/derivative.ts` its derivative; `report/` measures where the time goes.
 */

import { MOST_THREADS } from '../backends/wasm/threads/words.ts'
import { ArgumentError, CompileError, checkOptions } from '../errors/index.ts'
import { Module } from '../nn/module.ts'
import { shown } from '../ops/arguments.ts'
import { observers, requireFunction, scope, type Tensor, tracing, transforming } from '../tensor/index.ts'
import { build } from './build.ts'
import type { BuildOptions } from './built.ts'
import type { Plan } from './plan/describe.ts'
import type { Profile } from './report/profile.ts'
import { Derivative } from './trace/derivative.ts'
import type { Guards } from './trace/guards.ts'
import { Program } from './trace/program.ts'
import { Retracing } from './trace/retracing.ts'
import { type Compiled, type Trace, traceCall } from './trace/trace.ts'

export interface CompileOptions {
  /** 'wasm' for WebAssembly alone, 'cpu' for the machine's libraries as well; 'auto' takes the fastest that is there. */
  readonly device?: 'auto' | 'cpu' | 'wasm'
  /** How many threads work on a call; as many as the machine has cores unless given. */
  readonly threads?: number
}

const DEVICES = ['auto', 'cpu', 'wasm'] as const

/** A compiled function, and what can be asked of it once it has been called. */
export interface CompiledFunction<A extends unknown[], O> {
  (...args: A): O
  /** The program that ran last: kernels, operations, bytes, memory, what was fused. @throws CompileError where none ran. */
  plan(): Plan
  /**
   * Times each kernel of the program that ran last, the median of `runs` (50 unless given), beside the least time that the
   * machine allows. State is afterwards as before; what JavaScript the program calls (schedules, counters) has gone on.
   * @throws CompileError where none ran.
   */
  profile(options?: { readonly runs?: number }): Profile
  /**
   * Gives back the memory of its programs, all but that of gradients which are still there and of results that are still
   * to be differentiated. Later calls trace anew.
   */
  release(): void
}

/** What the compiler says of a function that returns a promise. */
export interface NotCompiled<Reason extends string> {
  readonly reason: Reason
}

type Refused<A extends unknown[], O> = 0 extends 1 & O
  ? CompiledFunction<A, O>
  : NotCompiled<'compile takes a synchronous function; await outside of it'>

/** So many traces are kept per function; what was not used for the longest time goes first. */
const MOST = 64

/** A trace that is ready; without a program, calls of its kind run the function as it is. */
interface Entry {
  readonly guards: Guards
  readonly program: Program | null
}

/**
 * The function, traced once for each kind of arguments (nesting, shapes, dtypes, what requires a gradient, other values
 * by identity) and then run as one program: forward, `backward()`, updates in place, random draws. Tensors that it reads
 * without being given them are read and changed where they are; other parameters and settings are noticed in modules
 * whose `forward` runs, not in variables. Side effects in JavaScript happen while tracing only. What is returned and
 * still to be differentiated has the call as one node of its history, whose derivative is compiled as well; for second derivatives
 * through it fn is run again. Where a transform, a recording or a hook watches from outside, or derivatives flow into what
 * fn did not get as an argument, the call runs as without `compile` (the first one after it was traced: twice).
 * @param fn synchronous; it may not read values (`item()`, `toArray()` ...) nor depend on them but by `where`.
 * @param options `device` and `threads`.
 * @returns a function of the same type; gradients that it leaves in `.grad` are overwritten by its next call.
 * @throws ArgumentError where fn is no function or an option is unknown. Calls throw a CompileError where fn reads a
 *   value, returns a promise or puts a computed tensor into a module, and then have changed nothing.
 * @example const w = tensor(3, { requiresGrad: true }); compile((x) => x.mul(w).backward())(tensor(2)); w.grad // 2
 */
export function compile<A extends unknown[] = Tensor[], O extends PromiseLike<unknown> = never>(
  fn: (...args: A) => O,
  options?: CompileOptions,
): Refused<A, O>
export function compile<A extends unknown[] = Tensor[], O = Tensor>(
  fn: (...args: A) => O,
  options?: CompileOptions,
): CompiledFunction<A, O>
export function compile<A extends unknown[], O>(
  fn: (...args: A) => O,
  options: CompileOptions = {},
): CompiledFunction<A, O> {
  requireFn(fn)
  const how = readOptions(options)
  const entries: Entry[] = []
  const found: Tensor[] = []
  const retracing = new Retracing(fn.name)
  const call = (...args: A): O => {
    if (tracing.tracer !== null || observers.length > 0 || transforming() || scope().anomaly) return fn(...args)
    const recording = scope().floor < 0
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]
      if (!entry.guards.hold(args, recording, found)) continue
      retracing.reused()
      if (i > 0) {
        entries.splice(i, 1)
        entries.unshift(entry)
      }
      return entry.program ? (entry.program.call(args, found) as O) : fn(...args)
    }
    const entry = enter(fn, args, recording, how)
    if (entry === null) return fn(...args)
    retracing.traced(entry.guards.signature)
    entries.unshift(entry)
    if (entries.length > MOST) entries.pop()!.program?.release()
    if (entry.program === null || !entry.guards.hold(args, recording, found)) return fn(...args)
    return entry.program.call(args, found) as O
  }
  const latest = (what: string): Program => {
    const program = entries[0]?.program
    if (program) return program
    throw new CompileError(
      `${what}: no program of this function has run yet; call it first (with hooked arguments, inside of transforms and under ` +
        'observers calls run op by op)',
    )
  }
  const reports = {
    plan: () => latest('plan').plan(),
    profile(given: { readonly runs?: number } = {}) {
      checkOptions('profile', given, ['runs'])
      const { runs = 50 } = given
      if (!(Number.isInteger(runs) && runs >= 1))
        throw new ArgumentError(`profile: runs must be a whole number above 0, got ${shown(runs)}`)
      return latest('profile').profile(runs)
    },
    release() {
      for (const { program } of entries.splice(0)) program?.release()
    },
  }
  return Object.assign(Object.defineProperty(call, 'name', { value: fn.name }), reports)
}

function enter(fn: (...args: never[]) => unknown, args: unknown[], recording: boolean, how: BuildOptions) {
  const traced = traceCall(fn, args, recording)
  if (traced === null) return null
  const { guards, compiled } = traced
  return { guards, program: compiled && programOf(fn, traced, compiled, how) } satisfies Entry
}

function programOf(
  fn: (...args: never[]) => unknown,
  { guards, storages }: Trace,
  { graph, effects, derivative }: Compiled,
  how: BuildOptions,
): Program {
  if (graph) return new Program(build(graph, storages, how), effects, null)
  const { pattern } = guards.signature
  const made = new Derivative({ ...derivative!, fn, pattern, effects, storages, how })
  return new Program(made.first, effects, made)
}

function requireFn(fn: unknown): void {
  if (fn instanceof Module)
    throw new ArgumentError(
      `compile: takes a function, got ${shown(fn)}; write compile((x) => model.forward(x)), or compile the whole step`,
    )
  requireFunction('compile', fn)
}

function readOptions(options: CompileOptions): BuildOptions {
  checkOptions('compile', options, ['device', 'threads'])
  const { device = 'auto', threads } = options
  if (!DEVICES.includes(device))
    throw new ArgumentError(`compile: device must be 'auto', 'cpu' or 'wasm', got ${shown(device)}`)
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS))
    throw new ArgumentError(`compile: threads must be a whole number from 1 to ${MOST_THREADS}, got ${shown(threads)}`)
  return { device, threads }
}
