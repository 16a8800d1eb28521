/**
 * How the iteration space of a loop kernel is walked: which dimension runs over the lanes of vectors, and what is around
 * it. Dimensions that all operands walk in one stride have become one.
 *
 * - `map`: nothing is folded. Lanes run along a kept dimension.
 * - `row`: lanes run along a folded dimension, each result is joined from all lanes at the end.
 * - `column`: lanes run along a kept dimension, each lane folds its own column. Folded dimensions are loops. A map is
 *   walked like this, with nothing to fold, if it would compute an expensive function anew in every row.
 */
import type { DType } from '../../../ops/value.ts'
import type { LoopKernel } from '../../kernels.ts'
import { isCheap } from '../merge.ts'
import type { Recipe } from './recipe.ts'

/** A dimension: its size, and the stride of every operand and then of every write, in elements. */
export interface Axis {
  readonly size: number
  readonly strides: readonly number[]
}

/** Instructions for the values of a vector and for a round of a loop, about. */
const VALUES = 4
const ROUND = 8

export interface Layout {
  readonly kind: 'map' | 'row' | 'column'
  /** Around everything: threads may share these. */
  readonly outer: readonly Axis[]
  /** The folded dimensions that are walked one by one, the last one fastest. */
  readonly inside: readonly Axis[]
  readonly lane: Axis
  /** For maps: along this dimension an operand's elements are neighbours that are not along the lanes; read in tiles. */
  readonly tile?: Axis
}

/** So many elements stay in the second cache, where columns may be walked one by one. */
const NEAR = 2 ** 16

export function layoutOf(kernel: LoopKernel, recipe: Recipe, count: number): Layout {
  const streams = [...kernel.reads, ...kernel.writes]
  const split = kernel.sizes.length - kernel.folded
  const axes = kernel.sizes.map((size, d) => ({ size, strides: streams.map((s) => s.strides[d] ?? 0) }))
  const kept = merged(axes.slice(0, split), preference(kernel))
  const folded = merged(axes.slice(split), preference(kernel))
  const one: Axis = { size: kernel.sizes.includes(0) ? 0 : 1, strides: streams.map(() => 0) }
  if (kernel.folded === 0) return repeating(recipe, kept) ?? mapOf(kernel, kept, kept.at(-1) ?? one, count)
  const without = (axes: readonly Axis[], lane: Axis) => axes.filter((axis) => axis !== lane)
  const lanes = folded.length > 0 ? folded.toReversed() : [one]
  const rows = lanes.map((lane): Layout => ({ kind: 'row', outer: kept, inside: without(folded, lane), lane }))
  const columns = kept.map((lane): Layout => ({ kind: 'column', outer: without(kept, lane), inside: folded, lane }))
  const cost = (layout: Layout) => costOf(layout, kernel, count)
  return [...rows, ...columns].reduce((best, next) => (cost(next) < cost(best) ? next : best))
}

/** The rows of a map as a column, if something expensive varies along the lanes but not from row to row. */
function repeating({ steps }: Recipe, kept: readonly Axis[]): Layout | undefined {
  const [rows, lane] = kept.slice(-2)
  if (!lane || rows.size * lane.size > NEAR || lane.strides.some((stride) => stride > 1)) return undefined
  const fromRows = stepsAlong(steps, rows)
  const fromLanes = stepsAlong(steps, lane)
  const repeats = steps.some((step, i) => step.is === 'call' && !isCheap(step.fn) && fromLanes[i] && !fromRows[i])
  return repeats ? { kind: 'column', outer: kept.slice(0, -2), inside: [rows], lane } : undefined
}

/** Which steps vary along a dimension. */
function stepsAlong(steps: Recipe['steps'], { strides }: Axis): boolean[] {
  const found: boolean[] = []
  for (const step of steps) {
    if (step.is === 'call') found.push(step.of.some((k) => found[k]))
    else found.push(step.is === 'arg' && strides[step.at] !== 0)
  }
  return found
}

function mapOf({ reads }: LoopKernel, kept: readonly Axis[], lane: Axis, count: number): Layout {
  const outer = kept.slice(0, -1)
  const crossed = reads.flatMap(({ dtype }, k) =>
    dtype === 'float32' && lane.strides[k] !== 0 && lane.strides[k] !== 1 ? [k] : [],
  )
  const tile =
    count === 4 && lane.size >= count
      ? outer.find(({ size, strides }) => size >= count && crossed.some((k) => strides[k] === 1))
      : undefined
  return { kind: 'map', outer: outer.filter((axis) => axis !== tile), inside: [], lane, tile }
}

/** Dimensions in which large strides stand outside, neighbours merged where every stream allows it. */
function merged(axes: readonly Axis[], order: readonly number[]): Axis[] {
  const sorted = axes.filter(({ size }) => size !== 1).sort((a, b) => compare(a, b, order))
  const result: Axis[] = []
  for (const axis of sorted) {
    const last = result.at(-1)
    if (last?.strides.every((stride, k) => stride === axis.strides[k] * axis.size)) {
      result[result.length - 1] = { size: last.size * axis.size, strides: axis.strides }
    } else result.push(axis)
  }
  return result
}

/** By the first stream that tells them apart; one that repeats along either says nothing. */
function compare(a: Axis, b: Axis, order: readonly number[]): number {
  for (const k of order) {
    const [x, y] = [Math.abs(a.strides[k]), Math.abs(b.strides[k])]
    if (x !== 0 && y !== 0 && x !== y) return y - x
  }
  return 0
}

/** Writes decide, as a store cannot be gathered; then the operands. */
const preference = ({ reads, writes }: LoopKernel): number[] => [
  ...writes.map((_, k) => reads.length + k),
  ...reads.map((_, k) => k),
]

/** About how many instructions it takes: loads, stores, a few for the values, and what loops and joining lanes cost. */
function costOf({ kind, outer, inside, lane }: Layout, { reads, writes }: LoopKernel, count: number): number {
  const vectors = Math.ceil(lane.size / count)
  const body = { point: VALUES, row: 0 }
  for (const [k, { dtype }] of [...reads, ...writes].entries()) {
    const stride = lane.strides[k]
    const varies = inside.some(({ strides }) => strides[k] !== 0) || (kind === 'row' && stride !== 0)
    body[varies ? 'point' : 'row'] += accessCost(dtype, stride, count)
  }
  const around = inside.reduce((n, { size }) => n * size, 1)
  const rows = outer.reduce((n, { size }) => n * size, 1)
  // A column that has less than a vector for each row still works on whole vectors.
  const perRow = kind === 'row' ? 30 : 20 + body.row * vectors
  return rows === 0 || lane.size === 0 || around === 0 ? 0 : ((body.point * vectors + ROUND) * around + perRow) * rows
}

function accessCost(dtype: DType, stride: number, count: number): number {
  if (stride === 0 || stride === 1) return 1
  return stride === (dtype === 'bool' ? 4 : 2) ? 3 : 1 + 2 * count
}
