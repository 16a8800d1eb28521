/**
 * Packing for matrix products. A panel is what the inner loop of a product reads from one address upwards: for every k
 * the elements of a few rows, side by side. Packing gathers them from wherever they lie: row r and column k meet
 * `outer[r] + inner[k]` bytes from the start, by two tables that describe any layout, transposed, strided or
 * overlapping (a convolution's windows). Four rows are packed at a time, whole vectors at once where neighbours lie
 * side by side.
 */
import { call, type Expr, i32, type Local, load, op, shuffle, store, v128 } from '../emit/code.ts'
import type { FunctionBuilder } from '../emit/function.ts'
import type { ModuleBuilder } from '../emit/module.ts'
import type { FloatFormat } from '../format.ts'
import { type Address, entry, i32s, sum } from '../tables.ts'

/** Rows that are packed together. */
export const QUAD = 4
type Rows = readonly Local<'i32'>[]

/**
 * `pack(to, from, outer, rows, inner, depth)`: panels of `width` rows, each of `depth` columns; the last panel is
 * filled up with repetitions of the last row.
 */
export function addPack(module: ModuleBuilder, format: FloatFormat, width: number) {
  const quad = addQuad(module, format, width)
  return module.helper(`pack${width}x${format.size}`, i32s(6), 'none', (f, [to, from, outer, rows, inner, depth]) => {
    const panel = f.let(op('i32.mul', depth, i32(width * format.size)))
    f.repeat(rows, width, () => {
      for (let half = 0; half < width; half += QUAD) {
        const place = (r: number) => sum(from, entry(outer, half + r))
        f.do(call(quad, sum(to, i32(half * format.size)), place(0), place(1), place(2), place(3), inner, depth))
      }
      f.advance(outer, 4 * width)
      f.advance(to, panel)
    })
  })
}

/** `quad(to, row0, row1, row2, row3, inner, depth)`: four rows of a panel, from the addresses where they start. */
function addQuad(module: ModuleBuilder, format: FloatFormat, width: number) {
  const { size, count } = format
  const name = `quad${width}x${size}`
  return module.helper(name, i32s(7), 'none', (f, [to, row0, row1, row2, row3, inner, depth]) => {
    const rows = [row0, row1, row2, row3]
    const end = f.let(sum(inner, op('i32.shl', depth, i32(2))))
    const x = f.local('i32')
    const step = (columns: number) => {
      f.advance(inner, 4 * columns)
      f.advance(to, width * size * columns)
    }
    const gap = (r: number) => op('i32.eq', op('i32.sub', rows[r], row0), i32(r * size))
    f.if(op('i32.and', op('i32.and', gap(1), gap(2)), gap(3)), () => {
      whileBelow(f, inner, end, () => {
        f.set(x, sum(row0, entry(inner)))
        for (let at = 0; at < QUAD * size; at += 16) f.do(store('v128.store', to, load('v128.load', x, at), at))
        step(1)
      })
      f.return()
    })
    whileBelow(f, inner, op('i32.sub', end, i32(4 * (count - 1))), () => {
      f.set(x, entry(inner))
      f.if(
        isRun(inner, x, format),
        () => turn(f, to, rows, x, format, width * size),
        () => {
          for (let k = 0; k < count; k++) column(f, to, rows, inner, k, format, width * size)
        },
      )
      step(count)
    })
    whileBelow(f, inner, end, () => {
      column(f, to, rows, inner, 0, format, width * size)
      step(1)
    })
  })
}

/** `copy(to, from, outer, rows, inner, columns)`: rows of a dense matrix, wherever their elements lie. */
export function addCopy(module: ModuleBuilder, format: FloatFormat) {
  const { size, count } = format
  return module.helper(`copy${size}`, i32s(6), 'none', (f, [to, from, outer, rows, inner, columns]) => {
    const [row, x, at] = [f.local('i32'), f.local('i32'), f.local('i32')]
    const end = f.let(sum(inner, op('i32.shl', columns, i32(2))))
    const whole = f.let(op('i32.sub', end, i32(4 * (count - 1))))
    const one = (k: number) => copyOne(f, to, sum(row, entry(at, k)), k * size, format)
    f.repeat(rows, 1, (r) => {
      f.set(row, sum(from, entry(sum(outer, op('i32.shl', r, i32(2))))))
      f.set(at, inner)
      whileBelow(f, at, whole, () => {
        f.set(x, entry(at))
        f.if(
          isRun(at, x, format),
          () => f.do(store('v128.store', to, load('v128.load', sum(row, x)))),
          () => {
            for (let k = 0; k < count; k++) one(k)
          },
        )
        f.advance(at, 4 * count)
        f.advance(to, 16)
      })
      whileBelow(f, at, end, () => {
        one(0)
        f.advance(at, 4)
        f.advance(to, size)
      })
    })
  })
}

/**
 * As `addCopy` for rows that consist of runs of so many elements side by side: inner has the place of each run, and
 * `runs` are counted. Vectors are copied whole, so that up to one more is written behind the last run.
 */
export function addCopyRuns(module: ModuleBuilder, { size, count }: FloatFormat, run: number) {
  return module.helper(`copy${size}runs${run}`, i32s(6), 'none', (f, [to, from, outer, rows, inner, runs]) => {
    const [row, x] = [f.local('i32'), f.local('i32')]
    const length = f.let(op('i32.shl', runs, i32(2)))
    const bytes = Math.ceil(run / count) * 16
    const vector = (offset: number) => store('v128.store', to, load('v128.load', x, offset), offset)
    f.repeat(rows, 1, (r) => {
      f.set(row, sum(from, entry(sum(outer, op('i32.shl', r, i32(2))))))
      f.repeat(length, 4, (i) => {
        f.set(x, sum(row, entry(sum(inner, i))))
        if (bytes <= UNROLLED) for (let at = 0; at < bytes; at += 16) f.do(vector(at))
        else f.repeat(i32(bytes), 16, (at) => f.do(store('v128.store', sum(to, at), load('v128.load', sum(x, at)))))
        f.advance(to, run * size)
      })
    })
  })
}

/** Runs of up to so many bytes are copied without a loop. */
const UNROLLED = 128

function copyOne(f: FunctionBuilder, to: Address, from: Address, offset: number, { size }: FloatFormat): void {
  if (size === 4) f.do(store('i32.store', to, load('i32.load', from), offset))
  else f.do(store('i64.store', to, load('i64.load', from), offset))
}

function whileBelow(f: FunctionBuilder, x: Local<'i32'>, end: Expr<'i32'>, body: () => void): void {
  f.block((done) => {
    f.loop((again) => {
      f.jump(done, op('i32.ge_u', x, end))
      body()
      f.jump(again)
    })
  })
}

/** Whether the columns of the next vector, the first of which lies at x, lie side by side. */
function isRun(inner: Address, x: Local<'i32'>, { size, count }: FloatFormat): Address {
  if (count === 2) return op('i32.eq', op('i32.sub', entry(inner, 1), x), i32(size))
  const steps = v128([0, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0, 12, 0, 0, 0])
  return op('i32x4.all_true', op('i32x4.eq', load('v128.load', inner), op('i32x4.add', op('i32x4.splat', x), steps)))
}

/** As many columns as a vector holds: reads a vector of each row and writes the transpose. */
function turn(f: FunctionBuilder, to: Address, rows: Rows, x: Address, { count }: FloatFormat, pitch: number): void {
  const [a, b, c, d] = rows.map((row) => f.let(load('v128.load', sum(row, x))))
  const pairs = [
    [a, b],
    [c, d],
  ] as const
  if (count === 2) {
    pairs.forEach(([p, q], half) => {
      f.do(store('v128.store', to, shuffle(p, q, [0, 2]), 16 * half))
      f.do(store('v128.store', to, shuffle(p, q, [1, 3]), pitch + 16 * half))
    })
    return
  }
  const [low, lower] = pairs.map(([p, q]) => f.let(shuffle(p, q, [0, 4, 1, 5])))
  const [high, higher] = pairs.map(([p, q]) => f.let(shuffle(p, q, [2, 6, 3, 7])))
  f.do(store('v128.store', to, shuffle(low, lower, [0, 2])))
  f.do(store('v128.store', to, shuffle(low, lower, [1, 3]), pitch))
  f.do(store('v128.store', to, shuffle(high, higher, [0, 2]), 2 * pitch))
  f.do(store('v128.store', to, shuffle(high, higher, [1, 3]), 3 * pitch))
}

/** Column k of the next, element by element. */
function column(
  f: FunctionBuilder,
  to: Address,
  rows: Rows,
  inner: Address,
  k: number,
  format: FloatFormat,
  pitch: number,
): void {
  const x = f.let(entry(inner, k))
  for (const [r, row] of rows.entries()) copyOne(f, to, sum(row, x), k * pitch + r * format.size, format)
}
