/**
 * Working memory for kernels that read tables of places: the table of a nest of loops has one entry for each combination
 * of their indices, the last loop running fastest, and says how many bytes from the start an element lies.
 */
import { i32, load, op, store } from '../emit/code.ts'
import type { ModuleBuilder } from '../emit/module.ts'
import { type Heap, LINE } from '../memory.ts'
import { entry, i32s, sum } from '../tables.ts'
import type { Kernel } from '../wasm.ts'

/** Tables repeat their last entry this often, so that what is missing in a last group of rows is read like others. */
const PADDING = 8
export const tableBytes = (entries: number): number => 4 * (entries + PADDING)

/**
 * `spread(table, filled, n, step)`: replaces each of the first `filled` entries by n, step apart. One call per loop of
 * a nest, the outermost first, makes the table.
 */
export function addSpread(module: ModuleBuilder): void {
  module.function('spread', i32s(4), 'none', (f, [table, filled, n, step]) => {
    const from = f.let(sum(table, op('i32.shl', filled, i32(2))))
    const place = f.local('i32')
    const run = f.let(op('i32.shl', n, i32(2)))
    const end = f.let(sum(table, op('i32.mul', filled, run)))
    // from the back, so that no entry is overwritten before it is read
    const to = f.let(end)
    f.loop((next) => {
      f.advance(from, -4)
      f.set(to, op('i32.sub', to, run))
      f.set(place, entry(from))
      f.repeat(run, 4, (i) => {
        f.do(store('i32.store', sum(to, i), place))
        f.set(place, sum(place, step))
      })
      f.jump(next, op('i32.gt_u', from, table))
    })
    f.set(place, load('i32.load', op('i32.sub', end, i32(4))))
    for (let i = 0; i < PADDING; i++) f.do(store('i32.store', end, place, 4 * i))
  })
}

/** Makes the table of the loops, at least one element in all, from their strides in elements of `size` bytes. */
export function fillTable(
  { int32 }: Heap,
  spread: Kernel,
  at: number,
  sizes: readonly number[],
  strides: readonly number[],
  size: number,
): void {
  int32[at / 4] = 0
  if (sizes.length === 0) spread(at, 1, 1, 0)
  let filled = 1
  for (let d = 0; d < sizes.length; d++) {
    spread(at, filled, sizes[d], strides[d] * size)
    filled *= sizes[d]
  }
}

/** The addresses of regions of working memory, each at the start of a cache line. */
export function regions(heap: Heap, bytes: readonly number[]): number[] {
  const aligned = bytes.map((n) => Math.ceil(n / LINE) * LINE)
  let next = heap.scratch(aligned.reduce((total, n) => total + n, 0))
  return aligned.map((n) => (next += n) - n)
}
