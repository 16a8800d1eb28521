/**
 * What holds for a stretch of the program rather than for a tensor: whether operations are recorded, whether every
 * result is checked. A scope ends with the function it was opened for, across exceptions and, where the platform can
 * follow a function over its awaits (Node's AsyncLocalStorage), across those.
 */
import { ArgumentError, GradError } from '../errors/index.ts'

export interface Scope {
  /** Operations of this level and below are not recorded; -1 records everything. Level 0 is the tape of `backward()`. */
  readonly floor: number
  /** Every result is checked for NaN and infinity, and every recorded call remembers its line. */
  readonly anomaly: boolean
}

interface Context {
  run<T>(scope: Scope, fn: () => T): T
  getStore(): Scope | undefined
}

const BASE: Scope = { floor: -1, anomaly: false }
const context = findContext()
let current = BASE
/** How many scopes the running synchronous code is inside of. */
let depth = 0
/** How many asynchronous functions still run in a scope of theirs. */
let pending = 0

function findContext(): Context | undefined {
  const hooks = globalThis.process?.getBuiltinModule?.('node:async_hooks')
  return hooks && new hooks.AsyncLocalStorage<Scope>()
}

// Synchronous code is inside the scopes on its stack. Code that a promise resumed has an empty stack: it belongs to
// the scope in which its function was called, which only the platform knows.
export function scope(): Scope {
  if (depth > 0) return current
  return pending > 0 ? (context?.getStore() ?? BASE) : BASE
}

export function within<T>(changes: Partial<Scope>, fn: () => T): T {
  const next = { ...scope(), ...changes }
  const result = enter(next, () => (context ? context.run(next, fn) : fn()))
  if (!isPromise(result)) return result
  if (!context) {
    throw new GradError(
      'noGrad: this platform cannot follow an async function over its awaits; wrap each synchronous part',
    )
  }
  pending++
  const done = () => {
    pending--
  }
  result.then(done, done)
  return result
}

/** As `within`, for functions known to be synchronous. */
export function enter<T>(next: Scope, fn: () => T): T {
  const previous = current
  current = next
  depth++
  try {
    return fn()
  } finally {
    current = previous
    depth--
  }
}

const isPromise = (x: unknown): x is Promise<unknown> => typeof (x as Promise<unknown> | null)?.then === 'function'

/**
 * Levels are numbered as transforms open them and never reused: a pullback may be called long after its transform has
 * ended, and what is applied around it then must count as further in.
 */
let levels = 0
/** How many transforms are at work. */
let opened = 0

/** Whether a transform is at work on the function that is running. */
export const transforming = (): boolean => opened > 0

/** Runs `fn` one level further in: what it applies to its arguments is the business of that level. */
export function atNewLevel<T>(name: string, fn: (level: number) => T): T {
  opened++
  try {
    const result = fn(++levels)
    if (isPromise(result))
      throw new GradError(`${name}: the function returned a promise; transforms take synchronous functions`)
    return result
  } finally {
    opened--
  }
}

/**
 * Runs `fn` without recording: nothing in it can be differentiated, which saves memory and time.
 * Transforms that `fn` applies itself (`grad` inside of `noGrad`) still see what happens inside of them.
 * @example const w = tensor(3, { requiresGrad: true }); noGrad(() => w.sub_(1)) // 2
 */
export const noGrad = <T>(fn: () => T): T => within({ floor: levels }, callable('noGrad', fn))

/** Runs `fn` with recording on again, inside of `noGrad`. */
export const enableGrad = <T>(fn: () => T): T => within({ floor: -1 }, callable('enableGrad', fn))

function callable<F>(name: string, fn: F): F {
  if (typeof fn !== 'function') throw new ArgumentError(`${name}: takes a function: ${name}(() => ...)`)
  return fn
}

/** `noGrad` for the engine's own synchronous parts. */
export const withoutRecording = <T>(fn: () => T): T => enter({ ...scope(), floor: levels }, fn)
