/**
 * Matrix products by the system's BLAS, on one thread each. What it cannot read in place, such as a convolution's
 * windows, is copied first, in parts that the second cache holds. What threads share out are parts of fixed size, as the
 * library may sum in another order for other sizes.
 */
import type { BlasCall, Call } from '../calls.ts'
import { call } from '../emit/code.ts'
import type { ModuleBuilder } from '../emit/module.ts'
import { i32s } from '../tables.ts'
import { WHOLE_FROM } from './batch.ts'
import { count, type Form } from './form.ts'
import { addCopy, addCopyRuns } from './pack.ts'
import {
  depthOf,
  type Part,
  type Placed,
  partsOf,
  placements,
  readTurned,
  type Source,
  sourceOf,
  Tables,
} from './source.ts'
import type { Operands, Shared, Way, Workspace } from './way.ts'

interface Plan {
  readonly form: Form
  readonly name: string
  readonly a: Source
  readonly b: Source
  /** Rows and columns of C per unit. */
  readonly rows: number
  readonly columns: number
  /** The sum, part by part. */
  readonly parts: readonly Part[]
  readonly chunks: number
  /** Bytes from the start of scratch memory to the copy of b. */
  readonly bAt: number
}

/** Elements of C up to which OpenBLAS packs nothing: see `quickColumns`. */
const QUICK = 1200

/** Undefined where BLAS cannot write C. */
export function nativeWay(form: Form, name: string): Way | undefined {
  const { m, n, k, format, c, batch } = form
  if (m * n * k === 0 || !((c.column === 1 || n === 1) && (m === 1 || c.row >= n))) return undefined
  const { placed, length } = placements(form)
  const products = count(batch)
  const alongColumns = placed.b && !placed.a ? false : placed.a && !placed.b ? true : n >= m
  const [high, other] = alongColumns ? [n, placed.a] : [m, placed.b]
  // Every part copies what is not split.
  const most = Math.max(1, Math.floor(high / (other ? 32 : 64)))
  const wanted = products >= WHOLE_FROM ? 1 : Math.min(most, chunksOf(2 * m * n * k))
  const whole = Math.min(high, evenSize(high, wanted))
  const narrow = placed.a?.turned === false && !placed.b && !readTurned(form.b) ? quickColumns(m) : 0
  const size = narrow > 0 ? Math.min(whole, narrow) : whole
  const [rows, columns] = alongColumns ? [m, size] : [size, n]
  const depth = depthOf(form, length, placed.a ? 0 : rows, placed.b ? 0 : columns)
  const parts = partsOf(k, length, depth)
  const tables = new Tables(format.size)
  const a = sourceOf(form.a, placed.a, tables, [m, rows], parts)
  const b = sourceOf(form.b, placed.b, tables, [n, columns], parts)
  const bytes = (source: Source, length: number) =>
    source.copied ? Math.ceil((length * depth * format.size) / 64) * 64 + 64 : 0
  const chunks = Math.ceil(high / size)
  const plan: Plan = { form, name, a, b, rows, columns, parts, chunks, bAt: bytes(a, rows) }
  return {
    name,
    by: 'blas',
    units: products * chunks,
    scratchBytes: bytes(a, rows) + bytes(b, columns),
    tables: Int32Array.from(tables.entries),
    emit: a.copied || b.copied ? (module, shared) => emitCopies(module, shared, plan) : undefined,
    calls: (at, from, to, space) => callsOf(plan, at, from, to, space),
  }
}

/** Parts for threads: two from a million operations on, twice as many for each eightfold. */
const chunksOf = (flops: number): number =>
  flops < 1e6 ? 1 : Math.min(16, 2 ** (1 + Math.floor(Math.log(flops / 1e6) / Math.log(8))))

/** Rows for each of so many parts: whole vectors, unless there would be fewer parts. */
function evenSize(rows: number, parts: number): number {
  const rounded = [16, 8, 4].map((to) => Math.ceil(rows / parts / to) * to)
  return rounded.find((size) => Math.ceil(rows / size) === parts) ?? rounded[0]
}

/**
 * OpenBLAS packs nothing for small products, which is a quarter faster where both operands lie along the sum: up to
 * C[32, 36] it takes such a path, measured with AVX-512. So many columns of a copied operand are taken at a time for it; 0
 * if too few would be.
 */
function quickColumns(rows: number): number {
  const columns = Math.floor(QUICK / rows / 4) * 4
  return columns >= 32 ? columns : 0
}

/** One function per length of runs. */
const copyName = (name: string, run: number): string => `${name}c${run}`

function emitCopies(module: ModuleBuilder, shared: Shared, { form: { format }, name, a, b }: Plan): void {
  for (const run of new Set([a.copied?.run, b.copied?.run])) {
    if (run === undefined) continue
    const helper = `copy${format.size}runs${run}`
    const copy = shared(helper, () => (run > 1 ? addCopyRuns(module, format, run) : addCopy(module, format)))
    module.function(copyName(name, run), i32s(6), 'none', (f, given) => f.do(call(copy, ...given)))
  }
}

function callsOf(plan: Plan, at: Operands, from: number, to: number, space: Workspace): Call[] {
  const { form, chunks } = plan
  const [x, y] = form.swapped ? [at.b, at.a] : [at.a, at.b]
  const made: Call[] = []
  for (let unit = from; unit < to; ) {
    const product = Math.floor(unit / chunks)
    const [first, steps, run] = chunks === 1 ? nextOf(form, product, to - unit) : [offsets(form, product), still, 1]
    const chunk = unit % chunks
    const start = { a: x + first[0], b: y + first[1], c: at.c + first[2] }
    const copies = plan.a.copied || plan.b.copied
    made.push(...part(plan, start, chunk, copies ? 1 : run, steps, space))
    unit += copies ? 1 : run
  }
  return made
}

const still = [0, 0, 0] as const
type Steps = readonly [a: number, b: number, c: number]

/** Where the matrices of one product of the batch start, in bytes. */
function offsets({ batch, format }: Form, product: number): Steps {
  let left = product
  const at: [number, number, number] = [0, 0, 0]
  for (let d = batch.sizes.length - 1; d >= 0; d--) {
    const index = left % batch.sizes[d]
    left = (left - index) / batch.sizes[d]
    for (let x = 0; x < 3; x++) at[x] += index * batch.strides[x][d] * format.size
  }
  return at
}

/** As many of the next products as lie at even distances. */
function nextOf(form: Form, product: number, most: number): [first: Steps, steps: Steps, length: number] {
  const { batch, format } = form
  const last = batch.sizes.length - 1
  if (last < 0) return [offsets(form, product), still, 1]
  const steps = batch.strides.map((s) => s[last] * format.size) as unknown as Steps
  return [offsets(form, product), steps, Math.min(most, batch.sizes[last] - (product % batch.sizes[last]))]
}

/** One unit, or a run of whole products. */
function part(plan: Plan, at: Operands, chunk: number, run: number, steps: Steps, space: Workspace): Call[] {
  const { form, rows, columns, parts } = plan
  const { format, c } = form
  const [i, j] = rows === form.m ? [0, chunk * columns] : [chunk * rows, 0]
  const [m, n] = [Math.min(rows, form.m - i), Math.min(columns, form.n - j)]
  const made: Call[] = []
  for (let p = 0; p < parts.length; p++) {
    const a = operand(plan, plan.a, at.a, i, m, p, space, space.scratch, made)
    const b = operand(plan, plan.b, at.b, j, n, p, space, space.scratch + plan.bAt, made)
    const product: BlasCall = {
      is: 'blas',
      dtype: format.dtype,
      transA: a.turned,
      // b holds the columns of the right factor as its rows
      transB: !b.turned,
      m,
      n,
      k: parts[p].length,
      a: a.at,
      lda: a.ld,
      b: b.at,
      ldb: b.ld,
      beta: form.add || p > 0 ? 1 : 0,
      c: at.c + (i * c.row + j * (form.n === 1 ? 1 : c.column)) * format.size,
      ldc: form.m === 1 ? form.n : c.row,
      count: run,
      steps,
    }
    made.push(product)
  }
  return made
}

/** Rows i.. and part p of the sum of an operand; the call that copies them, where it must be, is added to `made`. */
function operand(
  { form, name, parts }: Plan,
  source: Source,
  at: number,
  i: number,
  rows: number,
  p: number,
  { tables }: Workspace,
  to: number,
  made: Call[],
): Placed & { readonly at: number } {
  const { turned, ld, row, starts, copied } = source
  if (!copied) return { turned, ld, at: at + (i * row + starts[p]) * form.format.size }
  const { run } = copied
  const { start, length } = parts[p]
  const [rowRun, stepRun] = turned ? [run, 1] : [1, run]
  const outer = [tables + copied.rowsAt + (4 * i) / rowRun, rows / rowRun]
  const inner = [tables + copied.stepsAt + (4 * start) / stepRun, length / stepRun]
  const args = [to, at, ...(turned ? [...inner, ...outer] : [...outer, ...inner])]
  made.push({ is: 'wasm', name: copyName(name, run), args })
  return { turned, ld: turned ? rows : length, at: to }
}
