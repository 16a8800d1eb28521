/**
 * Walking strided arrays: dimensions are merged where all operands allow it, so that loops are few and long. What is
 * copied from one layout to another is walked in the order of the target, in tiles where the source runs across it.
 */
import { allocate } from '../../ops/dtype.ts'
import { contiguousStrides, isContiguous, sizeOf } from '../../ops/shape.ts'
import type { Shape, Strided, TypedArray } from '../../ops/value.ts'
import { type Assignment, moverFor } from './move.ts'

/** Strides with which an array of `shape` is read at every element of the (larger) broadcast shape `to`. */
export function broadcastStrides(x: Strided, to: Shape): number[] {
  const added = to.length - x.shape.length
  return to.map((n, i) => (i < added || (x.shape[i - added] === 1 && n !== 1) ? 0 : x.strides[i - added]))
}

export interface Loops {
  readonly sizes: number[]
  /** Per operand, one stride per loop. */
  readonly strides: number[][]
}

/** Drops dimensions of size 1 and merges neighbours that every operand walks through in one stride. */
export function collapse(shape: Shape, strides: readonly (readonly number[])[]): Loops {
  const sizes: number[] = []
  const merged: number[][] = strides.map(() => [])
  for (let d = 0; d < shape.length; d++) {
    if (shape[d] === 1) continue
    const last = sizes.length - 1
    if (last >= 0 && strides.every((s, k) => merged[k][last] === s[d] * shape[d])) {
      sizes[last] *= shape[d]
      for (let k = 0; k < strides.length; k++) merged[k][last] = strides[k][d]
    } else {
      sizes.push(shape[d])
      for (let k = 0; k < strides.length; k++) merged[k].push(strides[k][d])
    }
  }
  return { sizes, strides: merged }
}

/** The same elements with the dimensions in another order; only for walks whose order does not matter. */
export function reorder(shape: Shape, strides: readonly (readonly number[])[], order: readonly number[]): Loops {
  return { sizes: order.map((d) => shape[d]), strides: strides.map((s) => order.map((d) => s[d])) }
}

/** Where each combination of the loops' indices lies for operand k, the last loop running fastest. */
export function placesOf({ sizes, strides }: Loops, k: number): Int32Array {
  const table = new Int32Array(sizeOf(sizes))
  let filled = 1
  for (let d = 0; d < sizes.length; d++) {
    for (let i = filled - 1; i >= 0; i--) {
      const base = table[i]
      for (let j = sizes[d] - 1; j >= 0; j--) table[i * sizes[d] + j] = base + j * strides[k][d]
    }
    filled *= sizes[d]
  }
  return table
}

/** The elements in row-major order; the array itself where it already is that. */
export function toDense(x: Strided): TypedArray {
  const size = sizeOf(x.shape)
  if (isContiguous(x.shape, x.strides)) {
    return x.buffer.length === size ? x.buffer : x.buffer.subarray(x.offset, x.offset + size)
  }
  const out = allocate(x.dtype, size)
  copyInto({ buffer: out, shape: x.shape, strides: contiguousStrides(x.shape), offset: 0, dtype: x.dtype }, x)
  return out
}

/** target[...] = source[...], broadcasting the source. */
export function copyInto(target: Strided, source: Strided): void {
  move('=', target, source, broadcastStrides(source, target.shape))
}

/** target[...] += source[...]; elements of the target that share a place are added to once each. */
export function addInto(target: Strided, source: Strided): void {
  move('+=', target, source, source.strides)
}

function move(assignment: Assignment, target: Strided, source: Strided, from: readonly number[]): void {
  if (target.shape.includes(0)) return
  const { sizes, strides } = walk(target, from)
  const rank = sizes.length
  const mover = moverFor(assignment, target.dtype, source.dtype)
  const [rows, columns] = [sizes[rank - 2] ?? 1, sizes[rank - 1] ?? 1]
  const [to, by] = strides.map((s) => [s[rank - 2] ?? 0, s[rank - 1] ?? 0])
  const outer = { sizes: sizes.slice(0, -2), strides: strides.map((s) => s.slice(0, -2)) }
  const [out, data] = [placesOf(outer, 0), placesOf(outer, 1)]
  for (let i = 0; i < out.length; i++) {
    const [o, s] = [target.offset + out[i], source.offset + data[i]]
    mover(target.buffer, source.buffer, o, s, rows, columns, to[0], to[1], by[0], by[1])
  }
}

/** The target's smallest stride innermost and, where that is not the source's, the source's smallest around it. */
export function walk(target: Strided, from: readonly number[]): Loops {
  const far = (s: readonly number[]) => (a: number, b: number) => Math.abs(s[b]) - Math.abs(s[a])
  const order = target.shape
    .map((_, d) => d)
    .sort((a, b) => far(target.strides)(a, b) || target.shape[a] - target.shape[b])
  const sorted = reorder(target.shape, [target.strides, from], order)
  const merged = collapse(sorted.sizes, sorted.strides)
  const inner = merged.sizes.length - 1
  const outer = merged.sizes.map((_, d) => d).slice(0, -1)
  const near = outer.reduce((best, d) => (far(merged.strides[1])(d, best) > 0 ? d : best), inner)
  if (near === inner || near === inner - 1) return merged
  return reorder(merged.sizes, merged.strides, [...outer.filter((d) => d !== near), near, inner])
}
