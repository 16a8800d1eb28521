/** One way to compute a product: the functions that it needs in a module, and the calls for a part of the work. */
import type { Call } from '../calls.ts'
import type { ModuleBuilder } from '../emit/module.ts'

/** Bytes from the start of the memory: of the first elements of the operands. */
export interface Operands {
  readonly a: number
  readonly b: number
  readonly c: number
}

export interface Workspace {
  /** Where `tables` were copied to. */
  readonly tables: number
  /** `scratchBytes` of this thread's own, at a multiple of 64. */
  readonly scratch: number
}

/** One way to compute a product. */
export interface Way {
  /** Ways of the same name are the same: same code, same tables. */
  readonly name: string
  readonly by: 'blas' | 'wide' | 'wasm'
  /** The work comes in so many equal parts, to be shared out among threads in ranges. */
  readonly units: number
  readonly scratchBytes: number
  readonly tables: Int32Array
  readonly emit: ((module: ModuleBuilder, shared: Shared) => void) | undefined
  calls(at: Operands, from: number, to: number, space: Workspace): Call[]
}

/** Makes each helper of a module once. */
export type Shared = <T>(name: string, make: () => T) => T
