/**
 * Products of a matrix and a vector, which cost what reading the matrix costs. It is read in the order it lies: rows of
 * which each has a sum of its own (`dots`), or rows that are added up (`combinations`).
 */
import { type Expr, i32, type Local, load, op, shuffle, store, v128 } from '../emit/code.ts'
import type { FunctionBuilder } from '../emit/function.ts'
import { i32s, sum } from '../tables.ts'
import { eachOfBatch, WHOLE_FROM } from './batch.ts'
import { count, type Form, near, strideOf } from './form.ts'
import { beyond, madd, type Pointer, storeOne } from './tile.ts'
import type { Way } from './way.ts'

/** Elements of C that are summed side by side, as rows of the matrix. */
const ROWS = 6
/** Rows that are added up at a time. */
const DEEP = 6
/** Vectors of C that a unit of work has: long runs of a row suit what fetches memory ahead. */
const WIDE = 16

interface Plan {
  readonly form: Form
  readonly relaxed: boolean
  /** Elements of C that belong to a unit. */
  readonly unit: number
  /** Units of one product. */
  readonly units: number
  readonly whole: boolean
}

interface Given {
  readonly a: Pointer
  readonly b: Pointer
  readonly c: Pointer
}

/** Undefined unless C is a vector and the matrix lies in rows: here C[1, n] = Σₖ a[k] B[n, k]. */
export function vectorWay(form: Form, relaxed: boolean, name: string): Way | undefined {
  const { m, n, k, a, b, c, format } = form
  const [step, across, along] = [strideOf(a.inner), strideOf(b.outer), strideOf(b.inner)]
  if (m !== 1 || n * k === 0 || step === undefined || across === undefined || along === undefined) return undefined
  const dots = along === 1 && step === 1 && near(across)
  const combinations = across === 1 && near(along) && c.column === 1 && near(step)
  if (!dots && !combinations) return undefined
  const unit = dots ? ROWS : WIDE * format.count
  const units = Math.ceil(n / unit)
  const whole = count(form.batch) >= WHOLE_FROM
  const plan = { form, relaxed, unit, units, whole }
  return {
    name,
    by: 'wasm',
    units: whole ? count(form.batch) : count(form.batch) === 0 ? 0 : units,
    scratchBytes: 0,
    tables: new Int32Array(0),
    emit: (module) =>
      module.function(name, i32s(5), 'none', (f, [x, y, z, from, to]) => {
        const given = { from, to }
        eachOfBatch(f, form, whole ? given : undefined, { a: x, b: y, c: z }, (at) => {
          const range = whole ? { from: f.let(i32(0)), to: f.let(i32(units)) } : given
          if (dots) emitDots(f, plan, at, range)
          else emitCombinations(f, plan, at, range)
        })
      }),
    calls: (at, from, to) => {
      const [x, y] = form.swapped ? [at.b, at.a] : [at.a, at.b]
      return [{ is: 'wasm', name, args: [x, y, at.c, from, to] }]
    },
  }
}

interface Range {
  readonly from: Pointer
  readonly to: Pointer
}

/** Each element of C is the sum along a row of the matrix: some rows together. */
function emitDots(f: FunctionBuilder, plan: Plan, at: Given, { from, to }: Range): void {
  const { form } = plan
  const { size } = form.format
  const pitch = strideOf(form.b.outer)! * size
  const cStep = (form.n === 1 ? 1 : form.c.column) * size
  const full = Math.floor(form.n / ROWS)
  const rest = form.n - full * ROWS
  const i = f.let(from)
  const group = (rows: number) => {
    const row = f.let(sum(at.b, op('i32.mul', i, i32(ROWS * pitch))))
    const c = f.let(sum(at.c, op('i32.mul', i, i32(ROWS * cStep))))
    const sums = dotsOf(f, plan, row, at.a, rows, pitch)
    const vectors = totals(f, plan, sums)
    for (let r = 0; r < rows; r++) {
      const { count: lanes } = form.format
      const [base, offset] = beyond(c, r * cStep)
      storeOne(f, form.format, base, offset, vectors[Math.floor(r / lanes)], r % lanes, form.add)
    }
  }
  f.block((done) => {
    f.loop((again) => {
      f.jump(done, op('i32.ge_s', i, rest > 0 ? i32(full) : to))
      f.jump(done, op('i32.ge_s', i, to))
      group(ROWS)
      f.advance(i, 1)
      f.jump(again)
    })
  })
  if (rest > 0) f.if(op('i32.gt_s', to, i32(full)), () => group(rest))
}

/** Per row a vector whose lanes add up to the sum. */
function dotsOf(f: FunctionBuilder, plan: Plan, row: Pointer, vector: Pointer, rows: number, pitch: number) {
  const { format, k } = plan.form
  const x = f.let(vector)
  const sums = Array.from({ length: rows }, () => f.let(v128([0])))
  const round = (keep?: Expr<'v128'>) => {
    const masked = (e: Expr<'v128'>) => (keep ? op('v128.and', e, keep) : e)
    const xs = f.let(masked(load('v128.load', x)))
    sums.forEach((s, r) => {
      f.set(s, madd({ format, relaxed: plan.relaxed }, masked(load('v128.load', row, r * pitch)), xs, s))
    })
  }
  const whole = Math.floor(k / format.count)
  if (whole > 0) {
    const end = f.let(sum(x, i32(16 * whole)))
    f.loop((again) => {
      round()
      f.advance(row, 16)
      f.advance(x, 16)
      f.jump(again, op('i32.ne', x, end))
    })
  }
  const lanes = k % format.count
  if (lanes > 0) round(firstLanes(lanes, format.size))
  return sums
}

/** Ones in the first lanes: what lies behind a row is no part of it. */
function firstLanes(lanes: number, size: number): Expr<'v128'> {
  return v128(Array.from({ length: 16 }, (_, i) => (i < lanes * size ? 255 : 0)))
}

/** The sums of the lanes, in lanes. */
function totals(f: FunctionBuilder, { form: { format } }: Plan, rows: Local<'v128'>[]): Local<'v128'>[] {
  const at = (r: number) => rows[Math.min(r, rows.length - 1)]
  const joined = (a: Expr<'v128'>, b: Expr<'v128'>, low: number[], high: number[]) =>
    f.let(op(format.add, shuffle(a, b, low), shuffle(a, b, high)))
  const groups = Array.from({ length: Math.ceil(rows.length / format.count) }, (_, g) => g * format.count)
  if (format.count === 2) return groups.map((r) => joined(at(r), at(r + 1), [0, 2], [1, 3]))
  return groups.map((r) => {
    const [p, q] = [r, r + 2].map((i) => joined(at(i), at(i + 1), [0, 4, 1, 5], [2, 6, 3, 7]))
    return joined(p, q, [0, 1, 4, 5], [2, 3, 6, 7])
  })
}

/** C is a sum of rows of the matrix: some rows at a time, a long run of each. */
function emitCombinations(f: FunctionBuilder, plan: Plan, at: Given, { from, to }: Range): void {
  const { form, unit } = plan
  const { format, n, k } = form
  const { size } = format
  const left = f.let(op('i32.mul', from, i32(unit * size)))
  const right = f.let(op('i32.mul', to, i32(unit * size)))
  const end = f.let(i32(n * size))
  f.if(op('i32.lt_s', right, end), () => f.set(end, right))
  const b = f.let(at.b)
  const x = f.let(at.a)
  const pitch = strideOf(form.b.inner)! * size
  const step = strideOf(form.a.inner)! * size
  const first = k % DEEP || DEEP
  const rows = (deep: number, add: boolean) => {
    combine(f, plan, { row: b, x, c: at.c, left, end }, deep, add)
    f.advance(b, deep * pitch)
    f.advance(x, deep * step)
  }
  rows(first, form.add)
  if (k === first) return
  const i = f.let(i32((k - first) / DEEP))
  f.loop((again) => {
    rows(DEEP, true)
    f.advance(i, -1)
    f.jump(again, i)
  })
}

interface Run {
  readonly row: Pointer
  readonly x: Pointer
  readonly c: Pointer
  /** Bytes from the start of a row. */
  readonly left: Pointer
  readonly end: Pointer
}

/** C[left..end] (+)= Σ x[r] row[r], for a few rows. */
function combine(f: FunctionBuilder, plan: Plan, { row, x, c, left, end }: Run, deep: number, add: boolean): void {
  const { form } = plan
  const { format, n } = form
  const pitch = strideOf(form.b.inner)! * format.size
  const step = strideOf(form.a.inner)! * format.size
  const factors = Array.from({ length: deep }, (_, r) => f.let(load(format.splat, x, r * step)))
  const [from, to] = [f.let(sum(row, left)), f.let(sum(c, left))]
  const value = (): Local<'v128'> => {
    const s = f.let(add ? load('v128.load', to) : v128([0]))
    factors.forEach((factor, r) => {
      f.set(s, madd({ format, relaxed: plan.relaxed }, factor, load('v128.load', from, r * pitch), s))
    })
    return s
  }
  const stop = f.let(sum(c, end))
  f.block((done) => {
    f.loop((again) => {
      f.jump(done, op('i32.gt_u', sum(to, i32(16)), stop))
      f.do(store('v128.store', to, value()))
      f.advance(from, 16)
      f.advance(to, 16)
      f.jump(again)
    })
  })
  const lanes = n % format.count
  if (lanes === 0) return
  f.if(op('i32.lt_u', to, stop), () => {
    const s = value()
    for (let l = 0; l < lanes; l++) storeOne(f, format, to, l * format.size, s, l, false)
  })
}
