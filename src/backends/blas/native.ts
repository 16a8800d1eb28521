/**
 * Native BLAS on WebAssembly memory, for compiled programs: a thread opens the library itself, by its name, and calls
 * it with addresses. What does that is text, so that a worker's code can contain it without importing anything of ours.
 * Nothing checks bounds here: calls come from plans, whose addresses are those of reserved memory.
 */

/** What a thread needs to open the library; it can be sent to another one. */
export interface NativeLibrary {
  /** The path of koffi. */
  readonly koffi: string
  readonly library: string
}

/** `cblas_sgemm` and `cblas_dgemm` with addresses for matrices. */
export interface NativeProducts {
  readonly float32: (...args: number[]) => void
  readonly float64: (...args: number[]) => void
  /** The address of the memory's first byte; it may move when memory that is not shared grows. */
  readonly base: number
}

/** The text of a function of a `NativeLibrary` and the memory, which gives `NativeProducts`. */
export const nativeSource = `(data, memory) => {
  const koffi = process.getBuiltinModule('node:module').createRequire(data.koffi)(data.koffi)
  const handle = koffi.load(data.library)
  const declare = (letter, real) => handle.func('void cblas_' + letter + 'gemm(int, int, int, int, int, int, ' + real +
    ', uintptr_t, int, uintptr_t, int, ' + real + ', uintptr_t, int)')
  const base = Number(koffi.address(new Uint8Array(memory.buffer)))
  return { float32: declare('s', 'float'), float64: declare('d', 'double'), base }
}`

/** Opens the library for this thread. */
export function openNative(library: NativeLibrary, memory: WebAssembly.Memory): NativeProducts {
  type Open = (data: NativeLibrary, memory: WebAssembly.Memory) => NativeProducts
  return (new Function(`return ${nativeSource}`)() as Open)(library, memory)
}
