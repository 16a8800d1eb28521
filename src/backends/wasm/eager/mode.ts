/** From which size on eager ops run in WebAssembly: where it was measured to be faster, or wherever a test wants it. */

export type WasmMode = 'always' | 'never' | undefined

let mode: WasmMode

/** For tests: WebAssembly for any amount of work, or for none; undefined goes back to what is faster. */
export function forceWasm(wanted: WasmMode): void {
  mode = wanted
}

export const isForced = (): boolean => mode === 'always'

/** The least amount of work to take, where `measured` is the amount from which on it is faster. */
export const from = (measured: number): number =>
  mode === undefined ? measured : mode === 'always' ? 0 : Number.POSITIVE_INFINITY
