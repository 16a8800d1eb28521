/**
 * A BLAS as a `Gemm`. BLAS takes matrices whose rows or columns lie without gaps at even distances; most factors are
 * such and are passed where they lie, as they are or transposed. Others (a convolution's windows, strided views,
 * another dtype) are copied block by block into scratch memory, and a result that BLAS cannot write is scattered.
 */
import type { TypedArray } from '../../ops/value.ts'
import { type Factor, type Gemm, multiply } from '../js/gemm.ts'
import { AS_IT_IS, type CblasGemm, type Floats, ROW_MAJOR, TRANSPOSED } from './cblas.ts'

/** Blocks that are copied have at most this many rows, columns and summed terms: a megabyte of float32. */
const BLOCK = 512

/** Element (i, j) is `data[start + i * ld + j]`, or `data[start + j * ld + i]` if turned. */
interface Placed {
  readonly data: Floats
  readonly start: number
  readonly turned: boolean
  readonly ld: number
}

/** What a dtype's products share. Scratch arrays are reused from call to call; nothing here runs concurrently. */
interface Native {
  readonly product: CblasGemm
  readonly kind: Kind
  readonly setThreads: (work: number) => void
  readonly scratch: { a: Floats; b: Floats; c: Floats }
}

type Kind = typeof Float32Array | typeof Float64Array

/** `setThreads` is told the number of multiply-adds before each native call. */
export function createGemm(product: CblasGemm, kind: Kind, setThreads: (work: number) => void = () => {}): Gemm {
  const native = { product, kind, setThreads, scratch: { a: new kind(0), b: new kind(0), c: new kind(0) } }
  return (a, b, c) => {
    if (a.outer.length * b.outer.length * a.inner.length === 0) return multiply(a, b, c)
    const target = place(c, kind)
    // C in columns is Cᵀ = B Aᵀ in rows; a scattered C, too, is better written along its short steps
    if (target ? target.turned : isFiner(c.outer, c.inner)) {
      const flipped = { data: c.data, offset: c.offset, outer: c.inner, inner: c.outer }
      run(native, b, a, flipped, target && { ...target, turned: false })
    } else run(native, a, b, c, target)
  }
}

function run(native: Native, a: Factor, b: Factor, c: Factor, target: Placed | undefined): void {
  const [m, n, k] = [a.outer.length, b.outer.length, a.inner.length]
  const left = place(a, native.kind)
  const right = place(b, native.kind)
  const rows = left && target ? m : evenBlock(m)
  const columns = right && target ? n : evenBlock(n)
  const depth = left && right ? k : evenBlock(k)
  for (let i = 0; i < m; i += rows) {
    const mi = Math.min(rows, m - i)
    for (let j = 0; j < n; j += columns) {
      const nj = Math.min(columns, n - j)
      const z = target ? part(target, i, j) : blank(native, mi, nj)
      for (let p = 0; p < k; p += depth) {
        const kp = Math.min(depth, k - p)
        const x = left ? part(left, i, p) : pack(native, 'a', a, i, mi, p, kp)
        const y = right ? part(right, j, p) : pack(native, 'b', b, j, nj, p, kp)
        call(native, x, y, z, mi, nj, kp, p === 0 ? 0 : 1)
      }
      if (!target) scatter(z.data, c, i, mi, j, nj)
    }
  }
}

/** Here b holds the columns of the right factor as its rows, so what is transposed for BLAS is b as it is. */
function call(native: Native, a: Placed, b: Placed, c: Placed, m: number, n: number, k: number, beta: number): void {
  const transA = a.turned ? TRANSPOSED : AS_IT_IS
  const transB = b.turned ? AS_IT_IS : TRANSPOSED
  native.setThreads(m * n * k)
  native.product(ROW_MAJOR, transA, transB, m, n, k, 1, from(a), a.ld, from(b), b.ld, beta, from(c), c.ld)
}

/**
 * The array itself is what native code gets, never an address computed from it: that keeps its memory alive and in
 * place, on the heap or off it, for the duration of the call.
 */
const from = ({ data, start }: Placed): Floats => (start === 0 ? data : data.subarray(start))

const part = (x: Placed, i: number, j: number): Placed =>
  i === 0 && j === 0 ? x : { ...x, start: x.start + (x.turned ? j * x.ld + i : i * x.ld + j) }

/** How BLAS would read the factor in place; undefined if it cannot. */
function place({ data, offset, outer, inner }: Factor, kind: Kind): Placed | undefined {
  if (!(data instanceof kind)) return undefined
  const [rows, columns] = [outer.length, inner.length]
  const start = offset + outer[0] + inner[0]
  // native code checks no bounds
  if (start < 0 || offset + outer[rows - 1] + inner[columns - 1] >= data.length) return undefined
  const down = rows === 1 ? columns : outer[1] - outer[0]
  const across = columns === 1 ? rows : inner[1] - inner[0]
  const straight = (across === 1 || columns === 1) && down >= columns
  const turned = !straight && (down === 1 || rows === 1) && across >= rows
  if (!(straight || turned) || !isEven(outer) || !isEven(inner)) return undefined
  return { data, start, turned, ld: straight ? down : across }
}

function isEven(table: Int32Array): boolean {
  const n = table.length
  const step = table[1] - table[0]
  for (let i = 2; i < n; i++) if (table[i] - table[i - 1] !== step) return false
  return true
}

/** Whether steps along `table` are shorter in memory than along `other`, or as short and more of them. */
function isFiner(table: Int32Array, other: Int32Array): boolean {
  if (table.length === 1 || other.length === 1) return table.length > other.length
  const [step, otherStep] = [Math.abs(table[1] - table[0]), Math.abs(other[1] - other[0])]
  return step === otherStep ? table.length > other.length : step < otherStep
}

/** The size of equal blocks of at most BLOCK that cover n. */
const evenBlock = (n: number): number => Math.ceil(n / Math.ceil(n / BLOCK))

function reserve({ scratch, kind }: Native, role: 'a' | 'b' | 'c', size: number): Floats {
  if (scratch[role].length < size) scratch[role] = new kind(size)
  return scratch[role]
}

const blank = (native: Native, rows: number, columns: number): Placed => {
  return { data: reserve(native, 'c', rows * columns), start: 0, turned: false, ld: columns }
}

/** Copies rows i.. and columns p.. of a factor, read along its shorter steps. */
function pack(native: Native, role: 'a' | 'b', f: Factor, i: number, rows: number, p: number, depth: number): Placed {
  const data = reserve(native, role, rows * depth)
  const turned = isFiner(f.outer, f.inner)
  if (turned) gather(f.data, f.offset, f.inner, p, depth, f.outer, i, rows, data)
  else gather(f.data, f.offset, f.outer, i, rows, f.inner, p, depth, data)
  return { data, start: 0, turned, ld: turned ? rows : depth }
}

/** Four rows at a time, which share the reading of `inner`: 1.1 ns an element instead of 1.8. */
function gather(
  from: TypedArray,
  offset: number,
  outer: Int32Array,
  i: number,
  rows: number,
  inner: Int32Array,
  j: number,
  columns: number,
  to: Floats,
): void {
  let r = 0
  for (; r + 3 < rows; r += 4) {
    const b0 = offset + outer[i + r]
    const b1 = offset + outer[i + r + 1]
    const b2 = offset + outer[i + r + 2]
    const b3 = offset + outer[i + r + 3]
    let at0 = r * columns
    let at1 = at0 + columns
    let at2 = at1 + columns
    let at3 = at2 + columns
    for (let s = j; s < j + columns; s++) {
      const x = inner[s]
      to[at0++] = from[b0 + x]
      to[at1++] = from[b1 + x]
      to[at2++] = from[b2 + x]
      to[at3++] = from[b3 + x]
    }
  }
  for (; r < rows; r++) {
    const base = offset + outer[i + r]
    let at = r * columns
    for (let s = j; s < j + columns; s++) to[at++] = from[base + inner[s]]
  }
}

function scatter(from: Floats, c: Factor, i: number, rows: number, j: number, columns: number): void {
  const { data, offset, outer, inner } = c
  let at = 0
  for (let r = i; r < i + rows; r++) {
    const base = offset + outer[r]
    for (let s = j; s < j + columns; s++) data[base + inner[s]] = from[at++]
  }
}
