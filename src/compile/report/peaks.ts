/**
 * What this machine can do at most, measured with the kernels that programs are made of: a large product for arithmetic,
 * a loop over arrays that the second cache holds for memory. Any kernel's time is at least what these two allow.
 */
import type { Axes, Instruction, Program } from '../../backends/kernels.ts'
import { load } from '../../backends/wasm/execute/index.ts'
import { add, arg } from '../../scalar/index.ts'

export interface Peaks {
  /** Operations a second, in a product of 512 × 512 matrices. */
  readonly flops: number
  /** Bytes a second, read and written, of arrays in the cache. */
  readonly bandwidth: number
}

const SIDE = 512
/** Elements of each of three arrays: 384 kB in all. */
const LENGTH = 32768
const REPEATS = 12
/** Passes over the arrays in one run, so that what a run costs does not count. */
const PASSES = 8

const known = new Map<number, Peaks>()

/** Measured once for each number of threads, in some hundredths of a second. */
export function measurePeaks(threads: number): Peaks {
  let peaks = known.get(threads)
  if (!peaks) {
    const product = fastest(productProgram(), threads)
    const sweep = fastest(sweepProgram(), threads)
    peaks = { flops: (2 * SIDE ** 3) / product, bandwidth: (PASSES * 3 * 4 * LENGTH) / sweep }
    known.set(threads, peaks)
  }
  return peaks
}

/** Seconds of the fastest run. */
function fastest(program: Program, threads: number): number {
  const loaded = load(program, { threads })
  let best = Infinity
  for (let i = 0; i < REPEATS; i++) {
    const start = performance.now()
    loaded.run()
    best = Math.min(best, performance.now() - start)
  }
  loaded.release()
  return best / 1000
}

const kept = (bytes: number) => ({ bytes, is: 'kept', offset: 0 }) as const
const place = (region: number) => ({ region, offset: 0, dtype: 'float32' }) as const

function productProgram(): Program {
  const axis = (...strides: number[]): Axes => ({ sizes: [SIDE], strides: strides.map((s) => [s]) })
  const kernel = {
    dtype: 'float32',
    batch: { sizes: [], strides: [[], [], []] },
    rows: axis(SIDE, 0, SIDE),
    columns: axis(0, 1, 1),
    summed: axis(1, SIDE, 0),
    add: false,
  } as const
  const bytes = 4 * SIDE ** 2
  const facts = { label: 'peak', flops: 2 * SIDE ** 3, bytes: 3 * bytes }
  const product: Instruction = { ...facts, is: 'product', kernel, a: place(0), b: place(1), c: place(2) }
  return { regions: [kept(bytes), kept(bytes), kept(bytes)], arenaBytes: 0, instructions: [product] }
}

function sweepProgram(): Program {
  const stream = { dtype: 'float32', strides: [1] } as const
  const kernel = {
    sizes: [LENGTH],
    folded: 0,
    dtype: 'float32',
    reads: [stream, stream],
    steps: [{ is: 'map', formula: add(arg('r0'), arg('r1')) }],
    writes: [{ ...stream, step: 0 }],
  } as const
  const bytes = 4 * LENGTH
  const facts = { label: 'bandwidth', flops: LENGTH, bytes: 3 * bytes }
  const sweep: Instruction = { ...facts, is: 'loop', kernel, reads: [place(0), place(1)], writes: [place(2)] }
  return {
    regions: [kept(bytes), kept(bytes), kept(bytes)],
    arenaBytes: 0,
    instructions: new Array<Instruction>(PASSES).fill(sweep),
  }
}
