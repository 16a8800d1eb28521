/**
 * What this machine can do at most, measured with the kernels that programs are made of: products for arithmetic, loops
 * over arrays that caches hold for memory, each of several sizes, of which the best counts. What a kernel takes is at
 * least what these two allow, up to the noise of measuring.
 */
import type { Axes, Instruction, Program } from '../../backends/kernels.ts'
import { load } from '../../backends/wasm/execute/index.ts'
import { add, arg } from '../../scalar/index.ts'

export interface Peaks {
  /** Operations a second, in products of square matrices. */
  readonly flops: number
  /** Bytes a second, read and written, of arrays in the fastest cache that a loop makes full use of. */
  readonly bandwidth: number
}

/** Rows and columns of the products: up to a megabyte each, which leaves packing no part to speak of. */
const SIDES = [256, 512]
/** Elements of each of three arrays: 24 kB to 1.5 MB in all. */
const LENGTHS = [2048, 8192, 32768, 131072]
/** The fastest of so many runs counts: engines compile the code once more meanwhile. */
const REPEATS = 12
/** Elements that one run passes over, so that what a run costs does not count. */
const PASSED = 2 ** 18

const known = new Map<number, Peaks>()

/** Measured once for each number of threads, in some tenths of a second. */
export function measurePeaks(threads: number): Peaks {
  let peaks = known.get(threads)
  if (!peaks) {
    const flops = SIDES.map((side) => (2 * side ** 3) / fastest(productProgram(side), threads))
    const bandwidth = LENGTHS.map((length) => (3 * 4 * PASSED) / fastest(sweepProgram(length), threads))
    peaks = { flops: Math.max(...flops), bandwidth: Math.max(...bandwidth) }
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

function productProgram(side: number): Program {
  const axis = (...strides: number[]): Axes => ({ sizes: [side], strides: strides.map((s) => [s]) })
  const kernel = {
    dtype: 'float32',
    batch: { sizes: [], strides: [[], [], []] },
    rows: axis(side, 0, side),
    columns: axis(0, 1, 1),
    summed: axis(1, side, 0),
    add: false,
  } as const
  const bytes = 4 * side ** 2
  const facts = { label: 'peak', flops: 2 * side ** 3, bytes: 3 * bytes }
  const product: Instruction = { ...facts, is: 'product', kernel, a: place(0), b: place(1), c: place(2) }
  return { regions: [kept(bytes), kept(bytes), kept(bytes)], arenaBytes: 0, instructions: [product] }
}

function sweepProgram(length: number): Program {
  const stream = { dtype: 'float32', strides: [1] } as const
  const kernel = {
    sizes: [length],
    folded: 0,
    dtype: 'float32',
    reads: [stream, stream],
    steps: [{ is: 'map', formula: add(arg('r0'), arg('r1')) }],
    writes: [{ ...stream, step: 0 }],
  } as const
  const bytes = 4 * length
  const facts = { label: 'bandwidth', flops: length, bytes: 3 * bytes }
  const sweep: Instruction = { ...facts, is: 'loop', kernel, reads: [place(0), place(1)], writes: [place(2)] }
  return {
    regions: [kept(bytes), kept(bytes), kept(bytes)],
    arenaBytes: 0,
    instructions: new Array<Instruction>(PASSED / length).fill(sweep),
  }
}
