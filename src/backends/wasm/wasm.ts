/**
 * Whether there is WebAssembly with SIMD here, and what all its kernels share: looked for once, at first use, and never
 * required. Old browsers lack it and a page's Content-Security-Policy may forbid it; everything then runs in
 * JavaScript. `CHAINRULE_WASM=off` switches it off.
 */
import { i32, op, store } from './emit/code.ts'
import { ModuleBuilder } from './emit/module.ts'
import { switchOn } from './engine.ts'
import { Heap, MAXIMUM_PAGES } from './memory.ts'
import { threadCount } from './threads/count.ts'

export interface WasmStatus {
  readonly name: 'WebAssembly'
  /** Whether products and sums may be fused into one instruction (relaxed SIMD). */
  readonly relaxedSimd: boolean
  /** How many threads may work on a compiled function. */
  readonly threads: number
}

interface Missing {
  readonly missing: string
}

export type Kernel = (...given: number[]) => number

interface Found {
  readonly relaxedSimd: boolean
  readonly heap: Heap
}

let found: Found | Missing | undefined

const look = (): Found | Missing => (found ??= open(globalThis.process?.env?.CHAINRULE_WASM))

/** The memory that kernels work in; undefined where there is no WebAssembly for them. */
export function findWasm(): Heap | undefined {
  const wasm = look()
  return 'missing' in wasm ? undefined : wasm.heap
}

/** Whether kernels may use relaxed SIMD. */
export function hasRelaxedSimd(): boolean {
  const wasm = look()
  return !('missing' in wasm) && wasm.relaxedSimd
}

/**
 * Whether WebAssembly is used, or in one line why not.
 * @throws ArgumentError where CHAINRULE_THREADS is no number of threads.
 */
export function wasmStatus(): WasmStatus | Missing {
  const wasm = look()
  if ('missing' in wasm) return wasm
  const threads = wasm.heap.shared ? threadCount(undefined) : 1
  return { name: 'WebAssembly', relaxedSimd: wasm.relaxedSimd, threads }
}

/** The module's code for the memory; other threads can be handed it. */
export const compileModule = (module: ModuleBuilder, { shared }: Heap): WebAssembly.Module =>
  new WebAssembly.Module(module.toBytes({ pages: 1, maximum: MAXIMUM_PAGES, shared }))

/** The module's exported functions, working in the memory. */
export function instantiate(module: ModuleBuilder, heap: Heap): Record<string, Kernel> {
  const imports = { host: { memory: heap.memory, ...module.imports() } }
  return new WebAssembly.Instance(compileModule(module, heap), imports).exports as Record<string, Kernel>
}

function open(wanted = ''): Found | Missing {
  if (wanted === 'off') return { missing: 'WebAssembly is switched off by CHAINRULE_WASM=off' }
  if (typeof WebAssembly !== 'object') return { missing: 'this JavaScript engine has no WebAssembly' }
  switchOn()
  try {
    const heap = new Heap()
    instantiate(probe(), heap)
    return { relaxedSimd: accepts(relaxedProbe()), heap }
  } catch (error) {
    // No SIMD, no memory, or a page whose Content-Security-Policy forbids compiling: JavaScript does it all.
    return { missing: `WebAssembly with SIMD cannot be used here: ${(error as Error).message}` }
  }
}

const accepts = (module: ModuleBuilder): boolean =>
  WebAssembly.validate(module.toBytes({ pages: 1, maximum: MAXIMUM_PAGES }))

/** The smallest modules that use what they are to find out about. */
function probe(): ModuleBuilder {
  const module = new ModuleBuilder()
  module.function('probe', ['i32'], 'none', (f, [x]) => f.do(store('v128.store', x, op('i32x4.splat', i32(0)))))
  return module
}

function relaxedProbe(): ModuleBuilder {
  const module = new ModuleBuilder()
  module.function('probe', ['v128'], 'v128', (f, [x]) => f.return(op('f32x4.relaxed_madd', x, x, x)))
  return module
}
