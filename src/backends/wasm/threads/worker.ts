/**
 * What a worker runs. Its code is the text of the functions below, so that it needs no file of ours, whatever tool has
 * bundled them: they must use nothing from outside of themselves.
 */
import { powerValue } from '../../../scalar/index.ts'
import type { Kernel } from '../wasm.ts'
import { build, type Callees, type Code, perform } from './perform.ts'
import { SPINS, WORDS, WORK_ROUNDS, type Words } from './words.ts'

/** What a worker is told at first. */
export interface Hello {
  readonly memory: WebAssembly.Memory
  /** The address of the words. */
  readonly control: number
  readonly thread: number
  readonly threads: number
}

/** Products by the system's BLAS: the text of a function of `data` and the memory that opens it. */
export interface Native {
  readonly open: string
  readonly data: unknown
}

/** The tasks of a program, numbered from `first` on: code for each part. */
export interface Tasks {
  readonly first: number
  readonly module: WebAssembly.Module
  /** Names of functions that the module imports. */
  readonly imports: readonly string[]
  readonly native: Native | undefined
  readonly parts: readonly (readonly Code[])[]
}

export type Message = { readonly hello: Hello } | { readonly add: Tasks } | { readonly drop: readonly number[] }

/** Functions of ours that modules import. Others are those of `Math`. */
const own: Readonly<Record<string, Kernel>> = { fmod: (a, b) => a % b, pow: powerValue }

/** Whether workers can import the function too: it is the same in text. */
export const isPortable = (name: string, value: unknown): boolean =>
  String(value) === String(own[name] ?? (Math as unknown as Record<string, unknown>)[name])

export type OpenNative = (data: unknown, memory: WebAssembly.Memory) => Omit<Callees, 'exports'>

interface Helpers {
  readonly build: typeof build
  readonly perform: typeof perform
  readonly openUndisturbed: typeof openUndisturbed
  readonly instantiate: typeof instantiate
  readonly take: typeof take
  readonly park: typeof park
  readonly own: typeof own
  readonly words: Words
  readonly spins: number
  readonly rounds: number
}

type Listen = (handle: (message: Message) => void) => void

/** Handles messages, and serves open phases whenever there are none. */
function work(listen: Listen, helpers: Helpers): void {
  const { words } = helpers
  const tasks = new Map<number, (() => void)[]>()
  let hello: Hello
  let control: Int32Array
  let native: Omit<Callees, 'exports'> = { base: 0 }
  let handled = 0
  let seen = 0

  const serve = (): void => {
    while (Atomics.load(control, words.mail + hello.thread) === handled) {
      const open = Atomics.load(control, words.open)
      if (open === seen) {
        helpers.park(control, seen, helpers)
        continue
      }
      seen = open
      // Read after the phase and before a claim of it succeeds: the task of this phase.
      const parts = tasks.get(Atomics.load(control, words.task))
      if (parts) helpers.take(control, seen, hello, parts, words)
    }
  }

  listen((message) => {
    if ('hello' in message) {
      hello = message.hello
      control = new Int32Array(hello.memory.buffer, hello.control, words.handled + hello.threads)
      seen = Atomics.load(control, words.open)
    } else if ('add' in message) {
      const { first, parts, native: library } = message.add
      if (library && native.base === 0)
        native = helpers.openUndisturbed(library, hello.memory, control, words) ?? native
      const callees = { ...native, exports: helpers.instantiate(message.add, hello.memory, helpers.own) }
      parts.forEach((codes, i) => {
        const functions = codes.map((code) => helpers.build(code, callees, helpers.perform))
        tasks.set(first + i, functions)
      })
    } else for (const task of message.drop) tasks.delete(task)
    handled++
    Atomics.store(control, words.handled + hello.thread, handled)
    serve()
  })
}

/** Stopping a thread inside of native code that declares functions ends the whole process. */
function openUndisturbed(library: Native, memory: WebAssembly.Memory, control: Int32Array, words: Words) {
  Atomics.add(control, words.opening, 1)
  try {
    if (Atomics.load(control, words.closing) !== 0) return undefined
    return (new Function(`return ${library.open}`)() as OpenNative)(library.data, memory)
  } finally {
    Atomics.sub(control, words.opening, 1)
  }
}

function instantiate(
  { module, imports }: Tasks,
  memory: WebAssembly.Memory,
  functions: typeof own,
): Callees['exports'] {
  const find = (name: string) => functions[name] ?? (Math as unknown as Record<string, Kernel>)[name]
  const host = { memory, ...Object.fromEntries(imports.map((name) => [name, find(name)])) }
  return new WebAssembly.Instance(module, { host }).exports as Callees['exports']
}

/** Does what nobody has claimed of a phase, the part of its own number first. */
function take(
  control: Int32Array,
  phase: number,
  { thread, threads }: Hello,
  parts: readonly (() => void)[],
  words: Words,
): void {
  const before = (phase - 1) | 0
  for (let k = 0; k < threads; k++) {
    const part = (thread + k) % threads
    if (Atomics.compareExchange(control, words.claims + part, before, phase) !== before) continue
    try {
      parts[part]()
    } catch {
      Atomics.add(control, words.failed, 1)
    }
    Atomics.store(control, words.done + part, phase)
    if (Atomics.load(control, words.joining) === 1) Atomics.notify(control, words.done + part)
  }
}

/** Waits for the next phase: busily for a while, then asleep. */
function park(control: Int32Array, phase: number, { words, spins, rounds }: Helpers): void {
  for (let i = 0; i < rounds * spins; i++) if (Atomics.load(control, words.open) !== phase) return
  Atomics.add(control, words.parked, 1)
  Atomics.wait(control, words.open, phase)
  Atomics.sub(control, words.parked, 1)
}

/** The code of a worker, for Node and for browsers. */
export function workerSource(): string {
  const functions = { build, perform, openUndisturbed, instantiate, take, park }
  const texts = Object.entries(functions).map(([name, f]) => `${name}: ${f}`)
  const owns = Object.entries(own).map(([name, f]) => `${name}: ${f}`)
  return `{
const node = globalThis.process?.getBuiltinModule?.('node:worker_threads')
const listen = node
  ? (handle) => node.parentPort.on('message', handle)
  : (handle) => { globalThis.onmessage = ({ data }) => handle(data) }
const limits = { words: ${JSON.stringify(WORDS)}, spins: ${SPINS}, rounds: ${WORK_ROUNDS} }
const helpers = { ${texts.join(',\n')}, own: { ${owns.join(', ')} }, ...limits }
;(${work})(listen, helpers)
}`
}
