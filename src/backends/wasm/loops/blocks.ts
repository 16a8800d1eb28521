/**
 * How much is computed side by side, and which parts of a loop are units of their own that threads may share. Choices
 * depend on the kernel alone, so that results do not depend on who computes which unit.
 */
import { bytesPerElement } from '../../../ops/dtype.ts'
import type { Intrinsic } from '../../../scalar/index.ts'
import type { LoopKernel } from '../../kernels.ts'
import { LINE } from '../memory.ts'
import type { Layout } from './layout.ts'
import type { Plan } from './passes.ts'
import type { Recipe } from './recipe.ts'

export interface Blocks {
  /** Vectors side by side along the lanes. */
  readonly vectors: number
  /** Rows side by side: for columns along the last folded dimension, or of all folded ones in a window. */
  readonly rows: number
  /** Columns only: a shape holds all that is folded, so that no pass reads it again. */
  readonly window: boolean
  /** Columns only: rows are walked along the lanes, and what is joined so far stands in the scratch memory. */
  readonly striped: boolean
  /** Columns only: how many shapes stand side by side in a unit. */
  readonly strips: number
  /** Elements along the lanes that a unit has; the last one may have fewer. */
  readonly length: number
  /** How many units the lane dimension makes. */
  readonly blocks: number
}

/**
 * So many vectors side by side keep a processor busy, which would wait for one; twice as many values of each step still
 * fit the registers and the cache next to them.
 */
const STRANDS = 4
/** Rows that tiles stand in: a cache line of each column. */
const STRIP = 16
/** So many elements are worth a unit of their own. */
const BLOCK = 4096
/** Outer dimensions with so many elements are enough to share. */
const ENOUGH = 64
/** So many points, of a pooling window for instance, are computed side by side. */
const WINDOW = 9
/** So many steps of a window are worth writing out. */
const WRITTEN_OUT = 200
/** A column of more rows than this leaves the cache before the next one reads its other half. */
const HIGH = 64
/** Vectors in a stripe of columns: a few cache lines of every row. */
const STRIPE = 16

export function blocksOf(layout: Layout, recipe: Recipe, plan: Plan, count: number): Blocks {
  const { kind, lane, inside, outer, tile } = layout
  const called = recipe.steps.flatMap((step, i) => (step.is === 'call' && plan.levels[i] === 'point' ? [step.fn] : []))
  const whole = Math.max(1, Math.ceil(lane.size / count))
  const around = outer.reduce((n, { size }) => n * size, 1)
  const foldings = recipe.folds.length > 0 ? plan.passes.length : 0
  if (kind === 'column') return columnsOf(inside, called, whole, around, foldings, lane.size, count)
  const one = { rows: 1, window: false, striped: false, strips: 1 }
  if (tile) return { ...one, vectors: 1, rows: count, length: STRIP, blocks: Math.ceil(tile.size / STRIP) }
  const vectors = Math.min(whole, STRANDS)
  if (kind === 'row') return { ...one, vectors, length: lane.size, blocks: 1 }
  const length = around >= ENOUGH ? lane.size : Math.min(BLOCK, lane.size)
  return { ...one, vectors, length, blocks: length === 0 ? 0 : Math.ceil(lane.size / length) }
}

function columnsOf(
  inside: Layout['inside'],
  called: readonly Intrinsic[],
  whole: number,
  around: number,
  foldings: number,
  columns: number,
  count: number,
): Blocks {
  const points = inside.reduce((n, { size }) => n * size, 1)
  const window = points <= WINDOW && points * called.length <= WRITTEN_OUT
  const most = called.length > 6 ? 1 : called.length > 2 ? 2 : 4
  const rows = window ? points : Math.max(1, Math.min(most, inside.at(-1)?.size ?? 1))
  const vectors = Math.min(whole, Math.max(1, Math.min(STRANDS, Math.floor((2 * STRANDS) / rows))))
  const side = Math.max(1, Math.ceil(whole / vectors))
  const striped = !window && foldings === 1 && points >= HIGH && side > 1
  const strips = striped ? Math.min(side, STRIPE / vectors) : around >= ENOUGH ? side : 1
  const length = vectors * count * strips
  return { vectors, rows, window, striped, strips, length, blocks: Math.ceil(columns / length) }
}

/** How many neighbouring units write to one cache line, so that threads should not part them. */
export function grainOf(kernel: LoopKernel, units: number): number {
  const points = kernel.sizes.slice(0, kernel.sizes.length - kernel.folded).reduce((n, size) => n * size, 1)
  const least = Math.min(
    LINE,
    ...kernel.writes.map(({ dtype }) => bytesPerElement[dtype] * Math.max(1, points / units)),
  )
  return Math.max(1, Math.ceil(LINE / least))
}
