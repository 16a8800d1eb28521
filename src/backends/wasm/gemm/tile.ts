/**
 * The inner loop of matrix products: a tile of a few rows by a few vectors of C stays in registers while one element of
 * each row of A and the vectors of one row of B are read per step of the sum. Distances are baked into the code as the
 * offsets of loads.
 *
 * A step is a multiplication and an addition, or both in one where the engine has relaxed SIMD. Without it V8 may move
 * the arithmetic of a loop's body to its end, so that everything loaded must be kept until then; a jump that is never
 * taken (`never` is 0) after each step keeps both together.
 */
import { type Expr, i32, type Local, lane, load, op, store, storeLane, v128 } from '../emit/code.ts'
import type { FunctionBuilder } from '../emit/function.ts'
import type { FloatFormat } from '../format.ts'
import { type Address, sum } from '../tables.ts'

export type Pointer = Local<'i32'>
/** Undefined if false; a variable that is not 0 if true. */
export type Flag = Pointer | boolean

/** How the operands of a tile lie, in bytes. */
export interface TileLayout {
  readonly format: FloatFormat
  /** A's distances: from row to row, and along the sum. */
  readonly aRow: number
  readonly aStep: number
  /** B's distance along the sum. */
  readonly bStep: number
  readonly cRow: number
  readonly cColumn: number
  /** Whether the module may use relaxed SIMD. */
  readonly relaxed: boolean
}

export interface TileSize {
  readonly rows: number
  readonly vectors: number
  /** Elements of the last vector that C has. */
  readonly lanes: number
}

export interface TileWork {
  /** Left at the end of their rows. */
  readonly a: Pointer
  readonly b: Pointer
  readonly c: Pointer
  /** Steps of the sum: a number where it is always the same. */
  readonly depth: Pointer | number
  readonly add: Flag
  readonly never: Pointer
}

type Sums = readonly (readonly Local<'v128'>[])[]

/** C's tile = Σ, or += with `add`. */
export function emitTile(f: FunctionBuilder, layout: TileLayout, size: TileSize, work: TileWork): void {
  const sums = Array.from({ length: size.rows }, () => Array.from({ length: size.vectors }, () => f.local('v128')))
  for (const s of sums.flat()) f.set(s, v128([0]))
  accumulate(f, layout, sums, work)
  const whole = size.lanes === layout.format.count && layout.cColumn === layout.format.size
  const finish = whole ? storeWhole : storeLanes
  const { add } = work
  if (typeof add === 'boolean') finish(f, layout, size, sums, work.c, add)
  else
    f.if(
      add,
      () => finish(f, layout, size, sums, work.c, true),
      () => finish(f, layout, size, sums, work.c, false),
    )
}

function accumulate(f: FunctionBuilder, layout: TileLayout, sums: Sums, { a, b, depth, never }: TileWork): void {
  if (depth === 0) return
  const { aStep, bStep, relaxed } = layout
  const along = (steps: number) => {
    f.advance(a, aStep * steps)
    f.advance(b, bStep * steps)
  }
  if (typeof depth === 'number' && depth <= 2) {
    for (let k = 0; k < depth; k++) step(f, layout, sums, a, b, k)
    return
  }
  const end = f.let(sum(b, typeof depth === 'number' ? i32(depth * bStep) : op('i32.mul', depth, i32(bStep))))
  f.block((exit) => {
    const single = () => {
      step(f, layout, sums, a, b, 0)
      along(1)
    }
    if (relaxed) {
      f.loop((again) => {
        single()
        f.jump(again, op('i32.ne', b, end))
      })
      return
    }
    if (typeof depth !== 'number') {
      f.if(op('i32.and', depth, i32(1)), () => {
        single()
        f.jump(exit, op('i32.eq', b, end))
      })
    } else if (depth % 2 === 1) single()
    f.loop((again) => {
      for (let k = 0; k < 2; k++) {
        step(f, layout, sums, a, b, k)
        f.jump(exit, never)
      }
      along(2)
      f.jump(again, op('i32.ne', b, end))
    })
  })
}

/** One step of the sum: an outer product of elements of A by vectors of B. */
function step(f: FunctionBuilder, layout: TileLayout, sums: Sums, a: Pointer, b: Pointer, k: number): void {
  const { format, aRow, aStep, bStep } = layout
  const vectors = sums[0].map((_, v) => f.let(load('v128.load', b, 16 * v + k * bStep)))
  sums.forEach((row, r) => {
    const x = f.let(load(format.splat, a, r * aRow + k * aStep))
    row.forEach((s, v) => {
      f.set(s, madd(layout, x, vectors[v], s))
    })
  })
}

/** x y + s. */
export const madd = (
  { format, relaxed }: Pick<TileLayout, 'format' | 'relaxed'>,
  x: Expr<'v128'>,
  y: Expr<'v128'>,
  s: Expr<'v128'>,
): Expr<'v128'> => (relaxed ? op(format.madd, x, y, s) : op(format.add, s, op(format.mul, x, y)))

/** Offsets of loads and stores cannot be negative. */
export const beyond = (base: Address, offset: number): [Address, number] =>
  offset >= 0 ? [base, offset] : [sum(base, i32(offset)), 0]

type Finish = (f: FunctionBuilder, layout: TileLayout, size: TileSize, sums: Sums, c: Pointer, add: boolean) => void

const storeWhole: Finish = (f, { format, cRow }, _, sums, c, add) => {
  sums.forEach((row, r) => {
    // all of a row is read before it is written: engines pair neighbours
    if (add) {
      row.forEach((s, v) => {
        f.set(s, op(format.add, load('v128.load', ...beyond(c, r * cRow + 16 * v)), s))
      })
    }
    row.forEach((s, v) => {
      const [base, offset] = beyond(c, r * cRow + 16 * v)
      f.do(store('v128.store', base, s, offset))
    })
  })
}

/** Element by element: a tile at the edge, or one whose columns lie apart. */
const storeLanes: Finish = (f, { format, cRow, cColumn }, { vectors, lanes }, sums, c, add) => {
  const { count, size } = format
  sums.forEach((row, r) => {
    row.forEach((s, v) => {
      const here = v === vectors - 1 ? lanes : count
      const contiguous = cColumn === size
      if (contiguous && here === count) {
        const [base, offset] = beyond(c, r * cRow + 16 * v)
        if (add) f.set(s, op(format.add, load('v128.load', base, offset), s))
        f.do(store('v128.store', base, s, offset))
        return
      }
      for (let l = 0; l < here; l++) {
        const [base, offset] = beyond(c, r * cRow + (v * count + l) * cColumn)
        storeOne(f, format, base, offset, s, l, add)
      }
    })
  })
}

/** One lane of s to memory, or added to what is there. */
export function storeOne(
  f: FunctionBuilder,
  { size }: FloatFormat,
  base: Address,
  offset: number,
  s: Local<'v128'>,
  l: number,
  add: boolean,
): void {
  if (!add) f.do(storeLane(size === 4 ? 'v128.store32_lane' : 'v128.store64_lane', base, s, l, offset))
  else if (size === 4) {
    const value = op('f32.add', load('f32.load', base, offset), lane('f32x4.extract_lane', l, s))
    f.do(store('f32.store', base, value, offset))
  } else {
    const value = op('f64.add', load('f64.load', base, offset), lane('f64x2.extract_lane', l, s))
    f.do(store('f64.store', base, value, offset))
  }
}
