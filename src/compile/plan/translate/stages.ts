/**
 * Folds in stages, so that threads can share the first one and it becomes part of the kernel that makes the elements.
 * A fold of everything into one value: first every row for itself, then the rows' values. A fold of long columns: first
 * a few rows at a time, so that memory is walked along the rows. How it is cut up depends on sizes alone.
 */
import { sizeOf } from '../../../ops/shape.ts'
import { dense } from '../../graph/access.ts'
import type { Access } from '../../graph/graph.ts'
import type { Monoid } from '../task.ts'
import type { Builder } from './builder.ts'
import { elementsOf, foldTask, type MapSource } from './loop.ts'

type FoldSource = MapSource & {
  readonly args: readonly Access[]
  readonly folded: readonly boolean[]
  readonly monoid: Monoid
}

/** Up to this many elements there is nothing to share. */
const SMALL = 64
/** From this many elements on a single row is cut into pieces. */
const LONG = 32768
const PIECES = 64

/** So many rows at a time. */
const TOGETHER = 8
/** Columns of fewer elements, and smaller arrays, stay in the caches. */
const TALL = 64
const MANY = 2 ** 17

export function foldInStages(b: Builder, source: FoldSource): void {
  const column = columnOf(source)
  if (column !== null) return void foldColumns(b, source, column)
  const { shape, folded, dtype, args } = source
  const total = shape.every((n, d) => folded[d] || n === 1)
  const [x] = total ? args.map(apart) : args
  const rows = x.shape.slice(0, -1)
  if (!total || sizeOf(shape) <= SMALL || sizeOf(rows) === 1) return void b.tasks.push(foldTask(source))
  const partial = b.temporary(dtype, sizeOf(rows))
  const last = x.shape.map((_, d) => d === x.shape.length - 1)
  b.tasks.push(foldTask({ ...source, shape: x.shape, args: [x], folded: last, output: partial }))
  const rest = dense(partial, { shape: rows, dtype })
  foldInStages(b, { ...source, ...elementsOf(rest), shape: rows, folded: rows.map(() => true) })
}

/** Without dimensions of size 1; one that is long alone is cut into equal pieces. */
function apart(x: Access): Access {
  const dims = x.shape.map((_, d) => d).filter((d) => x.shape[d] !== 1)
  const [shape, strides] = [dims.map((d) => x.shape[d]), dims.map((d) => x.strides[d])]
  const [n] = shape
  if (shape.length !== 1 || n < LONG) return { ...x, shape, strides }
  let pieces = PIECES
  while (n % pieces !== 0) pieces--
  return { ...x, shape: [pieces, n / pieces], strides: [strides[0] * (n / pieces), strides[0]] }
}

/** The fastest of the folded dimensions, if columns are long and it can be cut; else null. */
function columnOf({ shape, folded }: FoldSource): number | null {
  const last = shape.findLastIndex((n) => n > 1)
  const d = shape.findLastIndex((n, k) => n > 1 && folded[k])
  const tall = sizeOf(shape.filter((_, k) => folded[k])) >= TALL && sizeOf(shape) >= MANY
  return tall && d < last && shape[d] > TOGETHER && shape[d] % TOGETHER === 0 ? d : null
}

function foldColumns(b: Builder, source: FoldSource, d: number): void {
  const { shape, folded, dtype, args } = source
  const blocks = shape[d] / TOGETHER
  const cut = (list: readonly number[], ...parts: number[]) => [...list.slice(0, d), ...parts, ...list.slice(d + 1)]
  const rest = cut(shape, blocks)
  const output = b.temporary(dtype, sizeOf(rest))
  const parts = args.map((x: Access) => {
    const step = x.strides[d]
    return { ...x, shape: cut(x.shape, blocks, TOGETHER), strides: cut(x.strides, step * TOGETHER, step) }
  })
  const marks = cut(shape, blocks, TOGETHER).map((_, k) => k === d + 1)
  b.tasks.push(foldTask({ ...source, shape: cut(shape, blocks, TOGETHER), args: parts, folded: marks, output }))
  const partial = dense(output, { shape: rest, dtype })
  b.tasks.push(foldTask({ ...source, ...elementsOf(partial), shape: rest, folded }))
}
