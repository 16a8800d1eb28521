/** Walking strided arrays: dimensions are merged where all operands allow it, so that loops are few and long. */
import { allocate } from '../../ops/dtype.ts'
import { contiguousStrides, isContiguous, sizeOf } from '../../ops/shape.ts'
import type { Shape, Strided, TypedArray } from '../../ops/value.ts'

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

/** Calls `row(offsets)` for every run of the innermost loop; offsets has one entry per operand and is reused. */
export function forEachRow(
  { sizes, strides }: Loops,
  start: readonly number[],
  row: (offsets: number[]) => void,
): void {
  const outer = sizes.length - 1
  const offsets = [...start]
  if (sizes.some((n) => n === 0)) return
  const index = new Array<number>(Math.max(outer, 0)).fill(0)
  for (;;) {
    row(offsets)
    let d = outer - 1
    for (; d >= 0; d--) {
      for (let k = 0; k < offsets.length; k++) offsets[k] += strides[k][d]
      if (++index[d] < sizes[d]) break
      for (let k = 0; k < offsets.length; k++) offsets[k] -= strides[k][d] * sizes[d]
      index[d] = 0
    }
    if (d < 0) return
  }
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
  const loops = collapse(target.shape, [target.strides, broadcastStrides(source, target.shape)])
  const n = loops.sizes.at(-1) ?? 1
  const [to = 0, from = 0] = loops.strides.map((s) => s.at(-1) ?? 0)
  const [out, data] = [target.buffer, source.buffer]
  forEachRow(loops, [target.offset, source.offset], ([o, s]) => {
    if (to === 1 && from === 1) {
      if (n < 32) for (let i = 0; i < n; i++) out[o + i] = data[s + i]
      else out.set(data.subarray(s, s + n), o)
    } else for (let i = 0; i < n; i++) out[o + i * to] = data[s + i * from]
  })
}

/** target[...] += source[...]; elements of the target that share a place are added to once each. */
export function addInto(target: Strided, source: Strided): void {
  const loops = collapse(target.shape, [target.strides, source.strides])
  const n = loops.sizes.at(-1) ?? 1
  const [to = 0, from = 0] = loops.strides.map((s) => s.at(-1) ?? 0)
  const [out, data] = [target.buffer, source.buffer]
  forEachRow(loops, [target.offset, source.offset], ([o, s]) => {
    for (let i = 0; i < n; i++) out[o + i * to] += data[s + i * from]
  })
}
