/**
 * Native BLAS for matrix products, where there is one: looked for once, at the first product (15 ms), and never
 * required. `CHAINRULE_BLAS=off` switches it off, another value names the library to try first.
 */
import type { DType } from '../../ops/value.ts'
import type { Gemm } from '../js/gemm.ts'
import { createGemm } from './gemm.ts'
import { type Library, type Missing, type Native, openLibrary } from './library.ts'

export interface Blas {
  /** The product of m × k by k × n in this dtype; undefined where JavaScript is as fast or BLAS has no such dtype. */
  gemm(dtype: DType, m: number, n: number, k: number): Gemm | undefined
}

export interface BlasStatus {
  readonly name: string
  /** The processor OpenBLAS has chosen its kernels for. */
  readonly core?: string
  readonly threads?: number
}

/** Up to this many multiply-adds the call costs more than the product in JavaScript (measured: 0.4 us against 3 ns each). */
const SMALL = 128

let library: Library | Missing | undefined
let blas: Blas | undefined

export function findBlas(): Blas | undefined {
  if (!library) {
    library = openLibrary(globalThis.process?.env?.CHAINRULE_BLAS)
    blas = 'missing' in library ? undefined : createBlas(library)
  }
  return blas
}

/** For compiled programs, which keep their operands in WebAssembly memory. */
export function findNative(): Native | undefined {
  findBlas()
  const found = library as Library | Missing
  return 'missing' in found ? undefined : found.native
}

/** Which BLAS is used, or in one line what to install to have one. */
export function blasStatus(): BlasStatus | Missing {
  findBlas()
  const found = library as Library | Missing
  return 'missing' in found ? found : { name: found.name, core: found.core, threads: found.threads }
}

export function createBlas({ sgemm, dgemm, setThreads }: Pick<Library, 'sgemm' | 'dgemm' | 'setThreads'>): Blas {
  const single = createGemm(sgemm, Float32Array, setThreads)
  const double = createGemm(dgemm, Float64Array, setThreads)
  return {
    gemm(dtype, m, n, k) {
      // + k: a lone dot product gains nothing at any length
      if (m * n * k <= SMALL + k) return undefined
      return dtype === 'float32' ? single : dtype === 'float64' ? double : undefined
    },
  }
}
