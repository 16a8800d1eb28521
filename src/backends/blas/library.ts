/**
 * Finds a BLAS at run time: koffi, an optional dependency, opens a library by name and calls its `cblas_sgemm`.
 * Nothing here is imported statically, so browsers and installations without koffi or BLAS load this file all the
 * same; what is missing comes back as one line that says what to install.
 */
import type { CblasGemm } from './cblas.ts'
import { type NativeLibrary, type NativeProducts, openNative } from './native.ts'

export interface Library {
  readonly name: string
  readonly sgemm: CblasGemm
  readonly dgemm: CblasGemm
  /** The processor OpenBLAS has chosen its kernels for. */
  readonly core?: string
  readonly threads?: number
  /** Chooses the number of threads for a call of that many multiply-adds. */
  readonly setThreads?: (work: number) => void
  readonly native: Native
}

/** The library for products that several of our threads compute parts of. */
export interface Native {
  /** For other threads: what `nativeSource` takes. */
  readonly library: NativeLibrary
  open(memory: WebAssembly.Memory): NativeProducts
  /** Keeps the library from making threads of its own until the next eager product; costs nothing if it has none. */
  setOneThread(): void
}

export interface Missing {
  readonly missing: string
}

interface Handle {
  func(definition: string): unknown
}

interface Koffi {
  load(name: string): Handle
}

const names: Readonly<Record<string, readonly string[]>> = {
  linux: ['libopenblas.so.0', 'libopenblas.so', 'libmkl_rt.so.2', 'libmkl_rt.so', 'libblis.so.4', 'libblas.so.3'],
  darwin: [
    '/System/Library/Frameworks/Accelerate.framework/Accelerate',
    '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
    'libopenblas.dylib',
  ],
  win32: ['libopenblas.dll', 'openblas.dll', 'mkl_rt.2.dll', 'mkl_rt.dll'],
}

const installs: Readonly<Record<string, string>> = {
  linux: 'apt install libopenblas0 (Debian, Ubuntu), dnf install openblas (Fedora) or pacman -S openblas (Arch)',
  darwin: 'brew install openblas',
  win32: 'put libopenblas.dll, from github.com/OpenMathLib/OpenBLAS/releases, into a folder of PATH',
}

/** `wanted` is the value of CHAINRULE_BLAS: 'off', the name of a library to try first, or nothing. */
export function openLibrary(wanted = ''): Library | Missing {
  if (wanted === 'off') return { missing: 'native BLAS is switched off by CHAINRULE_BLAS=off' }
  const builtin = globalThis.process?.getBuiltinModule
  if (!builtin) return { missing: 'native BLAS needs Node 20.16 or newer; browsers have none' }
  const found = attempt(() => findKoffi(builtin('node:module').createRequire(import.meta.url)))
  if (!found) return { missing: 'koffi, which calls native BLAS, is not installed: npm install koffi' }
  const { platform } = process
  const usual = names[platform] ?? names.linux
  const library = withCoreType(() => openFirst(found, wanted ? [wanted, ...usual] : usual))
  if (library) return library
  const looked = wanted ? `neither ${wanted} nor another BLAS library was found` : 'no BLAS library was found'
  return { missing: `${looked}: ${installs[platform] ?? installs.linux}` }
}

interface FoundKoffi {
  readonly koffi: Koffi
  readonly path: string
}

const findKoffi = (require: NodeJS.Require): FoundKoffi => ({
  koffi: require('koffi') as Koffi,
  path: require.resolve('koffi'),
})

function openFirst(found: FoundKoffi, candidates: readonly string[]): Library | undefined {
  for (const name of candidates) {
    const library = attempt(() => bind(name, found))
    if (library) return library
  }
  return undefined
}

/** Throws unless the library has both products. */
function bind(name: string, { koffi, path }: FoundKoffi): Library {
  const handle = koffi.load(name)
  const declare = (letter: string, real: string) => {
    const matrix = 'const void *, int'
    const sizes = 'int, int, int, int, int, int'
    return handle.func(
      `void cblas_${letter}gemm(${sizes}, ${real}, ${matrix}, ${matrix}, ${real}, void *, int)`,
    ) as CblasGemm
  }
  const core = attempt(() => handle.func('const char *openblas_get_corename()') as () => string)?.()
  const threads = attempt(() => handle.func('int openblas_get_num_threads()') as () => number)?.()
  const { setThreads, setOneThread } = threadsOf(handle, threads)
  const library = { koffi: path, library: name }
  const native: Native = { library, open: (memory) => openNative(library, memory), setOneThread }
  return { name, sgemm: declare('s', 'float'), dgemm: declare('d', 'double'), core, threads, setThreads, native }
}

/**
 * OpenBLAS's threads wait for each other in a busy loop. On two quiet cores a 64 × 784 × 128 product takes 80 us rather
 * than 105, but milliseconds with other processes beside; so threads are for products that gain more than they risk.
 */
const WORTH_THREADS = 2 ** 25

/** `setThreads` is undefined where there is one thread; users who have said how many get them for every eager product. */
function threadsOf(
  handle: Handle,
  threads = 1,
): { setThreads: Library['setThreads']; setOneThread: Native['setOneThread'] } {
  const set = attempt(() => handle.func('void openblas_set_num_threads(int)') as (n: number) => void)
  if (threads < 2 || !set) return { setThreads: undefined, setOneThread: () => {} }
  const { OPENBLAS_NUM_THREADS, GOTO_NUM_THREADS, OMP_NUM_THREADS } = process.env
  const least = OPENBLAS_NUM_THREADS || GOTO_NUM_THREADS || OMP_NUM_THREADS ? 0 : WORTH_THREADS
  let current = threads
  const use = (wanted: number) => {
    if (wanted !== current) set((current = wanted))
  }
  return { setThreads: (work) => use(work < least ? 1 : threads), setOneThread: () => use(1) }
}

/**
 * OpenBLAS up to 0.3.21 does not know newer processors and falls back to kernels without AVX-512, at half the speed.
 * It reads this variable once, while it is loaded; afterwards child processes need not inherit it.
 */
function withCoreType<T>(load: () => T): T {
  const { env } = process
  if (env.OPENBLAS_CORETYPE !== undefined || !hasAvx512()) return load()
  env.OPENBLAS_CORETYPE = 'SkylakeX'
  try {
    return load()
  } finally {
    delete env.OPENBLAS_CORETYPE
  }
}

function hasAvx512(): boolean {
  const { platform, arch } = process
  if (platform !== 'linux' || arch !== 'x64') return false
  const info = attempt(() => process.getBuiltinModule('node:fs').readFileSync('/proc/cpuinfo', 'utf8'))
  const flags = new Set(info?.match(/^flags\s*:(.*)$/m)?.[1].split(' '))
  return ['avx512f', 'avx512bw', 'avx512vl', 'avx512dq'].every((flag) => flags.has(flag))
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    // A library that is not there is the ordinary case; `blasStatus` says what to install.
    return undefined
  }
}
