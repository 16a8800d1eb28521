/**
 * Whether there is WebAssembly with SIMD here, and what all its kernels share: looked for once, at first use, and never
 * required. Old browsers lack it and a page's Content-Security-Policy may forbid it; everything then runs in
 * JavaScript. `CHAINRULE_WASM=off` switches it off.
 */
import { i32, op, store } from './emit/code.ts'
import { ModuleBuilder } from './emit/module.ts'
import { Heap, MAXIMUM_PAGES } from './memory.ts'

export interface WasmStatus {
  readonly name: 'WebAssembly'
  /** Whether products and sums may be fused into one instruction (relaxed SIMD). */
  readonly relaxedSimd: boolean
}

interface Missing {
  readonly missing: string
}

export type Kernel = (...given: number[]) => number

interface Found extends WasmStatus {
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

/** Whether WebAssembly is used, or in one line why not. */
export function wasmStatus(): WasmStatus | Missing {
  const wasm = look()
  return 'missing' in wasm ? wasm : { name: wasm.name, relaxedSimd: wasm.relaxedSimd }
}

/** The module's exported functions, working in the memory. */
export function instantiate(module: ModuleBuilder, { memory }: Heap): Record<string, Kernel> {
  const compiled = new WebAssembly.Module(module.toBytes({ pages: 1, maximum: MAXIMUM_PAGES }))
  const { exports } = new WebAssembly.Instance(compiled, { host: { memory, ...module.imports() } })
  return exports as Record<string, Kernel>
}

function open(wanted = ''): Found | Missing {
  if (wanted === 'off') return { missing: 'WebAssembly is switched off by CHAINRULE_WASM=off' }
  if (typeof WebAssembly !== 'object') return { missing: 'this JavaScript engine has no WebAssembly' }
  try {
    const heap = new Heap()
    instantiate(probe(), heap)
    return { name: 'WebAssembly', relaxedSimd: accepts(relaxedProbe()), heap }
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
