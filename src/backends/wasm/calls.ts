/**
 * What instructions become for one thread: calls with numbers alone, so that a worker needs no module of ours to make
 * them. Addresses are bytes from the start of the shared memory.
 */

/** Calls the export `name` of the program's module. */
export interface WasmCall {
  readonly is: 'wasm'
  readonly name: string
  readonly args: readonly number[]
}

/**
 * C = alpha A B + beta C by the system's BLAS, row-major. Addresses of a, b and c are advanced by `steps` (bytes) for each
 * of `count` products.
 */
export interface BlasCall {
  readonly is: 'blas'
  readonly dtype: 'float32' | 'float64'
  readonly transA: boolean
  readonly transB: boolean
  readonly m: number
  readonly n: number
  readonly k: number
  readonly a: number
  readonly lda: number
  readonly b: number
  readonly ldb: number
  readonly beta: number
  readonly c: number
  readonly ldc: number
  readonly count: number
  readonly steps: readonly [a: number, b: number, c: number]
}

export type Call = WasmCall | BlasCall
