/**
 * The matrix product as WebAssembly: C[m, n] = Σₖ A[m, k] B[n, k]. Blocks of A and B are packed into panels that the
 * caches hold; tiles of four rows by two vectors of C then stay in registers while a panel of each is read once. What
 * is deeper than 256 is done in parts that are added to C one after the other, which also keeps rounding small: with
 * a unit u of rounding an element is off by at most (min(k, 256) + ⌈k / 256⌉) u Σ |a| |b|.
 *
 * The inner loop is a multiplication and an addition, or both in one where the engine has relaxed SIMD. Without it V8
 * may move the arithmetic of a loop's body to its end, so that everything loaded must be kept until then; a jump that
 * is never taken (`never` is 0) after each k keeps both together. That is 15 % on one processor, nothing on another.
 */
import { call, choose, i32, type Local, load, op, store, v128 } from '../emit/code.ts'
import type { FunctionBuilder } from '../emit/function.ts'
import { ModuleBuilder } from '../emit/module.ts'
import type { FloatFormat } from '../format.ts'
import { type Address, addSpread, i32s, sum } from '../tables.ts'
import { addPack, QUAD } from './pack.ts'

/** Rows of a tile. */
const ROWS = QUAD
/** Columns of a tile: two vectors. */
const columnsOf = ({ count }: FloatFormat): number => 2 * count

/** Depth of a panel: one of A and one of B take a third of the first cache. */
const DEPTH = 256
/** Rows of A that are packed at a time, for the second cache. */
const HIGH = 128
/** Columns of B that are packed at a time: a megabyte. */
const WIDE = { 4: 1024, 8: 512 } as const

/** Bytes of working memory: the packed blocks of A and B, and a tile. */
export function workspace({ size }: FloatFormat, m: number, n: number, k: number): number[] {
  const padded = (rows: number, most: number) => Math.min(rows + QUAD * 2, most) * Math.min(k, DEPTH) * size
  return [padded(m, HIGH), padded(n, WIDE[size]), 8 * 16]
}

/**
 * A module with `spread` and `product(c, a, b, m, n, k, tables..., packedA, packedB, tile, add, never)`. Element (i, j)
 * of A lies at `a + outer[i] + inner[j]` bytes, and so do those of B and C; the tables are A's, B's and C's, outer and
 * inner in turn. With `add` the product is added to what C holds; `never` is 0.
 */
export function gemmModule(format: FloatFormat, fused: boolean): ModuleBuilder {
  const module = new ModuleBuilder()
  addSpread(module)
  const packA = addPack(module, format, ROWS)
  const packB = addPack(module, format, columnsOf(format))
  const tiles = addTiles(module, format, fused)
  module.function('product', i32s(17), 'none', (f, params) => {
    const [c, a, b, m, n, k, outerA, innerA, outerB, innerB, outerC, innerC, packedA, packedB, tile, add, never] =
      params
    blocks(f, n, WIDE[format.size], (j, columns) => {
      blocks(f, k, DEPTH, (p, depth) => {
        f.do(call(packB, packedB, b, sum(outerB, p4(j)), columns, sum(innerB, p4(p)), depth))
        const more = f.let(op('i32.or', add, op('i32.ne', p, i32(0))))
        blocks(f, m, HIGH, (i, rows) => {
          f.do(call(packA, packedA, a, sum(outerA, p4(i)), rows, sum(innerA, p4(p)), depth))
          const [down, across] = [sum(outerC, p4(i)), sum(innerC, p4(j))]
          f.do(call(tiles, packedA, packedB, rows, columns, depth, c, down, across, more, tile, never))
        })
      })
    })
  })
  return module
}

/** The place of a table's entry. */
const p4 = (index: Address): Address => op('i32.shl', index, i32(2))
const least = (a: Local<'i32'>, b: Local<'i32'>) => choose(op('i32.lt_s', a, b), a, b)

function blocks(
  f: FunctionBuilder,
  end: Local<'i32'>,
  size: number,
  body: (start: Local<'i32'>, length: Local<'i32'>) => void,
): void {
  const most = f.let(i32(size))
  const length = f.local('i32')
  f.repeat(end, size, (start) => {
    f.set(length, op('i32.sub', end, start))
    f.set(length, least(length, most))
    body(start, length)
  })
}

/** The tiles of a block of C from packed blocks of A and B. */
function addTiles(module: ModuleBuilder, format: FloatFormat, fused: boolean) {
  const { size } = format
  const width = columnsOf(format)
  return module.helper(`tiles${size}`, i32s(11), 'none', (f, params) => {
    const [a, b, m, n, depth, c, rows, columns, add, tile, never] = params
    const sums = Array.from({ length: ROWS }, () => [f.local('v128'), f.local('v128')])
    const panel = f.let(op('i32.mul', depth, i32(width * size)))
    const [first, pb, end] = [f.let(a), f.local('i32'), f.local('i32')]
    f.repeat(n, width, (j) => {
      const column = f.let(sum(columns, p4(j)))
      const span = op('i32.sub', load('i32.load', column, 4 * (width - 1)), load('i32.load', column))
      const even = op('i32.eq', span, i32((width - 1) * size))
      const whole = f.let(op('i32.and', even, op('i32.le_s', j, op('i32.sub', n, i32(width)))))
      const left = f.let(sum(c, load('i32.load', column)))
      f.set(end, sum(b, panel))
      f.set(a, first)
      f.repeat(m, ROWS, (i) => {
        f.set(pb, b)
        for (const v of sums.flat()) f.set(v, v128([0]))
        accumulate(f, format, sums, { a, b: pb, end, depth, never: fused ? undefined : never })
        const row = f.let(sum(rows, p4(i)))
        f.if(
          whole,
          () => storeWhole(f, format, sums, row, left, add),
          () => {
            for (const [at, v] of sums.flat().entries()) f.do(store('v128.store', tile, v, 16 * at))
            const part = { tile, rows: f.let(op('i32.sub', m, i)), columns: f.let(op('i32.sub', n, j)) }
            storePart(f, format, part, c, row, column, add)
          },
        )
      })
      f.set(b, end)
    })
  })
}

interface Panels {
  readonly a: Local<'i32'>
  readonly b: Local<'i32'>
  /** Where the panel of B ends. */
  readonly end: Local<'i32'>
  readonly depth: Local<'i32'>
  /** 0, but the compiler does not know; undefined for relaxed SIMD. */
  readonly never: Local<'i32'> | undefined
}

type Sums = readonly (readonly Local<'v128'>[])[]

/** sums += Σₖ a[k] b[k]ᵀ over the panels, whose pointers go on to their ends. */
function accumulate(f: FunctionBuilder, format: FloatFormat, sums: Sums, { a, b, end, depth, never }: Panels): void {
  const { size } = format
  const width = columnsOf(format) * size
  const advance = (steps: number) => {
    f.advance(a, ROWS * size * steps)
    f.advance(b, width * steps)
  }
  if (!never) {
    f.loop((again) => {
      step(f, format, sums, a, b, 0, true)
      advance(1)
      f.jump(again, op('i32.lt_u', b, end))
    })
    return
  }
  f.block((exit) => {
    f.if(op('i32.and', depth, i32(1)), () => {
      step(f, format, sums, a, b, 0, false)
      advance(1)
      f.jump(exit, op('i32.eq', depth, i32(1)))
    })
    f.loop((again) => {
      for (let k = 0; k < 2; k++) {
        step(f, format, sums, a, b, k, false)
        f.jump(exit, never)
      }
      advance(2)
      f.jump(again, op('i32.lt_u', b, end))
    })
  })
}

/** One k: an outer product of four elements of a by two vectors of b. */
function step(
  f: FunctionBuilder,
  format: FloatFormat,
  sums: Sums,
  a: Address,
  b: Address,
  k: number,
  fused: boolean,
): void {
  const vectors = [0, 1].map((v) => f.let(load('v128.load', b, 16 * (2 * k + v))))
  sums.forEach((row, r) => {
    const x = f.let(load(format.splat, a, (k * ROWS + r) * format.size))
    row.forEach((s, v) => {
      f.set(s, fused ? op(format.madd, x, vectors[v], s) : op(format.add, s, op(format.mul, x, vectors[v])))
    })
  })
}

/** A tile whose rows lie in one piece each. Missing rows repeat the last one, in the panel as in the table. */
function storeWhole(
  f: FunctionBuilder,
  format: FloatFormat,
  sums: Sums,
  row: Address,
  left: Address,
  add: Address,
): void {
  const places = sums.map((_, r) => f.let(sum(left, load('i32.load', row, 4 * r))))
  f.if(add, () => {
    sums.forEach((vectors, r) => {
      for (const [v, s] of vectors.entries()) f.set(s, op(format.add, load('v128.load', places[r], 16 * v), s))
    })
  })
  sums.forEach((vectors, r) => {
    for (const [v, s] of vectors.entries()) f.do(store('v128.store', places[r], s, 16 * v))
  })
}

interface Part {
  readonly tile: Local<'i32'>
  /** How many rows and columns there are from here on. */
  readonly rows: Local<'i32'>
  readonly columns: Local<'i32'>
}

/** Element by element: a tile at the edge, or one whose columns lie apart. */
function storePart(
  f: FunctionBuilder,
  format: FloatFormat,
  { tile, rows, columns }: Part,
  c: Address,
  row: Address,
  column: Address,
  add: Address,
): void {
  const { size } = format
  const width = columnsOf(format)
  const [high, wide] = [f.let(i32(ROWS)), f.let(i32(width))]
  const place = f.local('i32')
  const down = f.let(least(rows, high))
  const across = f.let(least(columns, wide))
  f.repeat(down, 1, (r) => {
    const start = f.let(sum(c, load('i32.load', sum(row, p4(r)))))
    const from = f.let(sum(tile, op('i32.mul', r, i32(width * size))))
    f.repeat(across, 1, (s) => {
      f.set(place, sum(start, load('i32.load', sum(column, p4(s)))))
      const at = sum(from, op('i32.mul', s, i32(size)))
      if (size === 4) {
        const value = f.let(load('f32.load', at))
        f.if(add, () => f.set(value, op('f32.add', load('f32.load', place), value)))
        f.do(store('f32.store', place, value))
      } else {
        const value = f.let(load('f64.load', at))
        f.if(add, () => f.set(value, op('f64.add', load('f64.load', place), value)))
        f.do(store('f64.store', place, value))
      }
    })
  })
}
