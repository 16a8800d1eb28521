/**
 * The matrix product in plain JavaScript: C[m, n] = Σₖ A[m, k] B[n, k] for factors in any layout. Panels of four rows
 * and four columns are packed as float64, so that the inner loop is sixteen multiply-adds on eight loads without
 * conversions; sums are float64 whatever the dtype.
 */
import type { TypedArray } from '../../ops/value.ts'

/** Element (i, j) is `data[offset + outer[i] + inner[j]]`. */
export interface Factor {
  readonly data: TypedArray
  readonly offset: number
  readonly outer: Int32Array
  readonly inner: Int32Array
}

export type Gemm = (a: Factor, b: Factor, c: Factor) => void

/** Up to this many products packing costs more than it brings. */
const SMALL = 1024
/** Depth of a packed panel: 4 × 512 float64 stay in the first cache. */
const DEPTH = 512

export const multiply: Gemm = (a, b, c) => {
  const [m, n, k] = [a.outer.length, b.outer.length, a.inner.length]
  if (m < 3 || n < 3 || m * n * k <= SMALL) multiplySmall(a, b, c)
  else multiplyPacked(a, b, c)
}

/** As `multiply`, exact modulo 2^32: what int32 holds of a sum of products. */
export const multiplyIntegers: Gemm = (a, b, c) => {
  for (let i = 0; i < a.outer.length; i++) {
    const left = a.offset + a.outer[i]
    for (let j = 0; j < b.outer.length; j++) {
      const right = b.offset + b.outer[j]
      let sum = 0
      for (let k = 0; k < a.inner.length; k++)
        sum = (sum + Math.imul(a.data[left + a.inner[k]], b.data[right + b.inner[k]])) | 0
      c.data[c.offset + c.outer[i] + c.inner[j]] = sum
    }
  }
}

function multiplySmall(a: Factor, b: Factor, c: Factor): void {
  const [stepA, stepB] = [stepOf(a.inner), stepOf(b.inner)]
  const even = stepA !== undefined && stepB !== undefined
  for (let i = 0; i < a.outer.length; i++) {
    const left = a.offset + a.outer[i]
    for (let j = 0; j < b.outer.length; j++) {
      const right = b.offset + b.outer[j]
      c.data[c.offset + c.outer[i] + c.inner[j]] = even
        ? dotEven(a.data, left, stepA, b.data, right, stepB, a.inner.length)
        : dotTabled(a, left, b, right)
    }
  }
}

/** The distance between neighbours where it is the same everywhere. */
function stepOf(table: Int32Array): number | undefined {
  const step = table.length > 1 ? table[1] - table[0] : 0
  for (let i = 2; i < table.length; i++) if (table[i] - table[i - 1] !== step) return undefined
  return step
}

/** Two sums side by side, so that an addition need not wait for the one before. */
function dotEven(
  x: TypedArray,
  left: number,
  stepX: number,
  y: TypedArray,
  right: number,
  stepY: number,
  n: number,
): number {
  let [even, odd] = [0, 0]
  let [p, q, k] = [left, right, 0]
  for (; k + 1 < n; k += 2) {
    even += x[p] * y[q]
    odd += x[p + stepX] * y[q + stepY]
    p += 2 * stepX
    q += 2 * stepY
  }
  return k < n ? even + odd + x[p] * y[q] : even + odd
}

function dotTabled(a: Factor, left: number, b: Factor, right: number): number {
  let sum = 0
  for (let k = 0; k < a.inner.length; k++) sum += a.data[left + a.inner[k]] * b.data[right + b.inner[k]]
  return sum
}

// Packed panels are reused from call to call; nothing here runs concurrently.
const panelA = new Float64Array(4 * DEPTH)
let panelsB = new Float64Array(0)
let partial = new Float64Array(0)
const tile = new Float64Array(16)

function multiplyPacked(a: Factor, b: Factor, c: Factor): void {
  const [m, n, k] = [a.outer.length, b.outer.length, a.inner.length]
  const columns = Math.ceil(n / 4)
  const depth = Math.min(k, DEPTH)
  if (panelsB.length < columns * 4 * depth) panelsB = new Float64Array(columns * 4 * depth)
  const blocks = Math.ceil(k / DEPTH)
  if (blocks > 1) {
    if (partial.length < m * n) partial = new Float64Array(m * n)
    else partial.fill(0, 0, m * n)
  }
  for (let block = 0; block < blocks; block++) {
    const from = block * DEPTH
    const kc = Math.min(k - from, DEPTH)
    for (let j = 0; j < columns; j++) pack(b, j * 4, from, kc, panelsB, j * 4 * kc)
    for (let i = 0; i < m; i += 4) {
      pack(a, i, from, kc, panelA, 0)
      for (let j = 0; j < columns; j++) {
        multiplyTile(kc, panelA, panelsB, j * 4 * kc, tile)
        if (blocks === 1) store(c, i, j * 4)
        else accumulate(partial, m, n, i, j * 4)
      }
    }
  }
  if (blocks > 1) scatter(partial, c)
}

/** Four rows from `row` on, interleaved; rows past the end are zeros. */
function pack(f: Factor, row: number, from: number, kc: number, panel: Float64Array, at: number): void {
  const { data, inner, outer } = f
  const rows = Math.min(4, outer.length - row)
  for (let r = 0; r < 4; r++) {
    if (r < rows) {
      const base = f.offset + outer[row + r]
      for (let k = 0, p = at + r; k < kc; k++, p += 4) panel[p] = data[base + inner[from + k]]
    } else for (let k = 0, p = at + r; k < kc; k++, p += 4) panel[p] = 0
  }
}

function store(c: Factor, i: number, j: number): void {
  const { data, outer, inner, offset } = c
  const rows = Math.min(4, outer.length - i)
  const columns = Math.min(4, inner.length - j)
  for (let r = 0; r < rows; r++) {
    const base = offset + outer[i + r]
    for (let s = 0; s < columns; s++) data[base + inner[j + s]] = tile[r * 4 + s]
  }
}

function accumulate(sum: Float64Array, m: number, n: number, i: number, j: number): void {
  const rows = Math.min(4, m - i)
  const columns = Math.min(4, n - j)
  for (let r = 0; r < rows; r++) for (let s = 0; s < columns; s++) sum[(i + r) * n + j + s] += tile[r * 4 + s]
}

function scatter(sum: Float64Array, { data, outer, inner, offset }: Factor): void {
  const n = inner.length
  for (let i = 0; i < outer.length; i++) for (let j = 0; j < n; j++) data[offset + outer[i] + inner[j]] = sum[i * n + j]
}

/** t = Σₖ a[k]ᵀ b[k], an outer product of four by four per step. */
function multiplyTile(kc: number, a: Float64Array, b: Float64Array, bAt: number, t: Float64Array): void {
  let [c00, c01, c02, c03] = [0, 0, 0, 0]
  let [c10, c11, c12, c13] = [0, 0, 0, 0]
  let [c20, c21, c22, c23] = [0, 0, 0, 0]
  let [c30, c31, c32, c33] = [0, 0, 0, 0]
  for (let k = 0, p = 0, q = bAt; k < kc; k++, p += 4, q += 4) {
    const b0 = b[q]
    const b1 = b[q + 1]
    const b2 = b[q + 2]
    const b3 = b[q + 3]
    const a0 = a[p]
    c00 += a0 * b0
    c01 += a0 * b1
    c02 += a0 * b2
    c03 += a0 * b3
    const a1 = a[p + 1]
    c10 += a1 * b0
    c11 += a1 * b1
    c12 += a1 * b2
    c13 += a1 * b3
    const a2 = a[p + 2]
    c20 += a2 * b0
    c21 += a2 * b1
    c22 += a2 * b2
    c23 += a2 * b3
    const a3 = a[p + 3]
    c30 += a3 * b0
    c31 += a3 * b1
    c32 += a3 * b2
    c33 += a3 * b3
  }
  t[0] = c00
  t[1] = c01
  t[2] = c02
  t[3] = c03
  t[4] = c10
  t[5] = c11
  t[6] = c12
  t[7] = c13
  t[8] = c20
  t[9] = c21
  t[10] = c22
  t[11] = c23
  t[12] = c30
  t[13] = c31
  t[14] = c32
  t[15] = c33
}
