/**
 * Finds a BLAS at run time: koffi, an optional dependency, opens a library by name and calls its `cblas_sgemm`.
 * Nothing here is imported statically, so browsers and installations without koffi or BLAS load this file all the
 * same; what is missing comes back as one line that says what to install.
 */
import type { CblasGemm } from './gemm.ts'

export interface Library {
  readonly name: string
  readonly sgemm: CblasGemm
  readonly dgemm: CblasGemm
  /** The processor OpenBLAS has chosen its kernels for. */
  readonly core?: string
  readonly threads?: number
  /** Chooses the number of threads for a call of that many multiply-adds. */
  readonly useThreads?: (work: number) => void
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
  const koffi = attempt(() => builtin('node:module').createRequire(import.meta.url)('koffi') as Koffi)
  if (!koffi) return { missing: 'koffi, which calls native BLAS, is not installed: npm install koffi' }
  const { platform } = process
  const usual = names[platform] ?? names.linux
  const library = withCoreType(() => openFirst(koffi, wanted ? [wanted, ...usual] : usual))
  if (library) return library
  const looked = wanted ? `neither ${wanted} nor another BLAS library was found` : 'no BLAS library was found'
  return { missing: `${looked}: ${installs[platform] ?? installs.linux}` }
}

function openFirst(koffi: Koffi, candidates: readonly string[]): Library | undefined {
  for (const name of candidates) {
    const library = attempt(() => bind(name, koffi.load(name)))
    if (library) return library
  }
  return undefined
}

/** Throws unless the library has both products. */
function bind(name: string, handle: Handle): Library {
  const declare = (letter: string, real: string) => {
    const matrix = 'const void *, int'
    const sizes = 'int, int, int, int, int, int'
    return handle.func(
      `void cblas_${letter}gemm(${sizes}, ${real}, ${matrix}, ${matrix}, ${real}, void *, int)`,
    ) as CblasGemm
  }
  const core = attempt(() => handle.func('const char *openblas_get_corename()') as () => string)?.()
  const threads = attempt(() => handle.func('int openblas_get_num_threads()') as () => number)?.()
  const useThreads = threads === undefined ? undefined : shareThreads(handle, threads)
  return { name, sgemm: declare('s', 'float'), dgemm: declare('d', 'double'), core, threads, useThreads }
}

/**
 * OpenBLAS's threads wait for each other in a busy loop. On two quiet cores a 64 × 784 × 128 product takes 80 us rather
 * than 105, but milliseconds with other processes beside; so threads are for products that gain more than they risk.
 */
const WORTH_THREADS = 2 ** 25

/** Undefined where there is one thread or the user has said how many. */
function shareThreads(handle: Handle, threads: number): Library['useThreads'] {
  const { OPENBLAS_NUM_THREADS, GOTO_NUM_THREADS, OMP_NUM_THREADS } = process.env
  if (threads < 2 || OPENBLAS_NUM_THREADS || GOTO_NUM_THREADS || OMP_NUM_THREADS) return undefined
  const set = attempt(() => handle.func('void openblas_set_num_threads(int)') as (n: number) => void)
  if (!set) return undefined
  let current = threads
  return (work) => {
    const wanted = work < WORTH_THREADS ? 1 : threads
    if (wanted !== current) set((current = wanted))
  }
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
