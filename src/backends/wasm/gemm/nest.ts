/** The code of a product: loops over a batch, blocks, panels and tiles around the inner loop of `tile.ts`. */
import { call, choose, i32, op } from '../emit/code.ts'
import type { FunctionBuilder } from '../emit/function.ts'
import type { ModuleBuilder } from '../emit/module.ts'
import { type Address, i32s, sum } from '../tables.ts'
import { eachOfBatch } from './batch.ts'
import type { Form } from './form.ts'
import { addPack, QUAD } from './pack.ts'
import { emitTile, type Flag, type Pointer, type TileLayout, type TileSize } from './tile.ts'
import type { Shared } from './way.ts'

/** Rows of a tile. */
export const ROWS = QUAD
/** Columns of a tile. */
const widthOf = ({ form, vectors }: Nest): number => vectors * form.format.count

/** Which operands are packed into panels first. */
export interface Packing {
  readonly a: boolean
  readonly b: boolean
}

export interface Nest {
  readonly form: Form
  readonly packing: Packing
  /** What threads share out. */
  readonly split: 'batch' | 'rows' | 'columns'
  /** Those that a tile is wide. */
  readonly vectors: number
  readonly tiles: number
  readonly panels: number
  /** Steps of the sum at a time. */
  readonly depth: number
  /** Tiles and panels at a time. */
  readonly high: number
  readonly wide: number
  /** Where in the tables the outer and the inner one of a and b start, in bytes. */
  readonly tables: { readonly a: readonly number[]; readonly b: readonly number[] }
  /** Bytes of packed A; B follows. */
  readonly packedA: number
  readonly tile: TileLayout
}

/** What the loops of a product hand inwards. */
interface Scope {
  readonly f: FunctionBuilder
  readonly nest: Nest
  readonly tables: Pointer
  readonly never: Pointer
  /** Where panels are packed. */
  readonly panels: { readonly a: Pointer; readonly b: Pointer }
  readonly pack: { readonly a: Packer | undefined; readonly b: Packer | undefined }
}
type Packer = ReturnType<typeof addPack>

/** Of this product of the batch. */
interface Matrices {
  readonly a: Pointer
  readonly b: Pointer
  readonly c: Pointer
}

/** Tiles or panels, from the first up to but without the last. */
interface Range {
  readonly from: Pointer
  readonly to: Pointer
}

/** A part of the sum. */
interface Part {
  readonly start: Pointer
  readonly depth: Pointer | number
  readonly add: Flag
}

/** `name(a, b, c, from, to, tables, scratch, never)` computes units from..to; `never` is 0. */
export function emitProduct(module: ModuleBuilder, shared: Shared, nest: Nest, name: string): void {
  const { form, split, packing } = nest
  const packer = (packed: boolean, width: number) =>
    packed ? shared(`pack${width}x${form.format.size}`, () => addPack(module, form.format, width)) : undefined
  const pack = { a: packer(packing.a, ROWS), b: packer(packing.b, widthOf(nest)) }
  module.function(name, i32s(8), 'none', (f, [a, b, c, from, to, tables, scratch, never]) => {
    const given = { from, to }
    const all = (n: number): Range => ({ from: f.let(i32(0)), to: f.let(i32(n)) })
    const rows = split === 'rows' ? given : all(nest.tiles)
    const columns = split === 'columns' ? given : all(nest.panels)
    const panels = { a: scratch, b: f.let(sum(scratch, i32(nest.packedA))) }
    const scope: Scope = { f, nest, tables, never, panels, pack }
    eachOfBatch(f, form, split === 'batch' ? given : undefined, { a, b, c }, (at) => {
      blocks(f, columns, nest.panels, nest.wide, (j) => {
        parts(f, nest, (part) => {
          fill(scope, 'b', at.b, j, part)
          blocks(f, rows, nest.tiles, nest.high, (i) => {
            fill(scope, 'a', at.a, i, part)
            tilesOf(scope, at, i, j, part)
          })
        })
      })
    })
  })
}

/** The range in blocks of at most `size`; `most` is its greatest length. */
function blocks(f: FunctionBuilder, range: Range, most: number, size: number, body: (block: Range) => void): void {
  if (most <= size) {
    body(range)
    return
  }
  const from = f.let(range.from)
  const to = f.local('i32')
  each(f, from, range.to, size, () => {
    const next = f.let(op('i32.add', from, i32(size)))
    f.set(to, choose(op('i32.lt_s', next, range.to), next, range.to))
    body({ from, to })
  })
}

/** Runs the body while i < end, by steps. */
function each(f: FunctionBuilder, i: Pointer, end: Address, by: number, body: () => void): void {
  f.block((done) => {
    f.jump(done, op('i32.ge_s', i, end))
    f.loop((again) => {
      body()
      f.advance(i, by)
      f.jump(again, op('i32.lt_s', i, end))
    })
  })
}

/** The sum in parts, each added to the ones before. */
function parts(f: FunctionBuilder, { form, depth }: Nest, body: (part: Part) => void): void {
  const start = f.let(i32(0))
  if (form.k <= depth) {
    body({ start, depth: form.k, add: form.add })
    return
  }
  const even = form.k % depth === 0
  const length = f.local('i32')
  each(f, start, i32(form.k), depth, () => {
    if (!even) f.set(length, least(op('i32.sub', i32(form.k), start), depth))
    const add = form.add || f.let(op('i32.ne', start, i32(0)))
    body({ start, depth: even ? depth : length, add })
  })
}

const least = (x: Address, most: number): Address => choose(op('i32.lt_s', x, i32(most)), x, i32(most))

/** Packs a block of a or b, if it is packed. */
function fill({ f, nest, tables, panels, pack }: Scope, x: 'a' | 'b', from: Address, block: Range, part: Part): void {
  const packer = pack[x]
  if (!packer) return
  const unit = x === 'a' ? ROWS : widthOf(nest)
  const start = f.let(op('i32.mul', block.from, i32(unit)))
  const end = least(op('i32.mul', block.to, i32(unit)), x === 'a' ? nest.form.m : nest.form.n)
  const [outer, inner] = nest.tables[x].map((at, d) =>
    f.let(sum(sum(tables, i32(at)), op('i32.shl', d === 0 ? start : part.start, i32(2)))),
  )
  const depth = typeof part.depth === 'number' ? i32(part.depth) : part.depth
  f.do(call(packer, panels[x], from, outer, op('i32.sub', end, start), inner, depth))
}

/** The tiles of a block of C: whole panels, then the last one that is narrower. */
function tilesOf(scope: Scope, at: Matrices, rows: Range, columns: Range, part: Part): void {
  const { f, nest } = scope
  const { count } = nest.form.format
  const width = widthOf(nest)
  const full = Math.floor(nest.form.n / width)
  const rest = nest.form.n - full * width
  const j = f.let(columns.from)
  if (full > 0) {
    const end = rest > 0 ? f.let(least(columns.to, full)) : columns.to
    each(f, j, end, 1, () =>
      panel(scope, at, rows, { j, from: columns.from }, part, { vectors: nest.vectors, lanes: count }),
    )
  }
  if (rest === 0) return
  const vectors = Math.ceil(rest / count)
  f.if(op('i32.gt_s', columns.to, i32(full)), () => {
    panel(scope, at, rows, { j, from: columns.from }, part, { vectors, lanes: rest - (vectors - 1) * count })
  })
}

/** The tiles of one panel: whole ones, then the last one that is lower. */
function panel(
  scope: Scope,
  at: Matrices,
  rows: Range,
  column: { j: Pointer; from: Pointer },
  part: Part,
  size: Pick<TileSize, 'vectors' | 'lanes'>,
): void {
  const { f, nest, panels, never } = scope
  const { tile, packing } = nest
  const width = widthOf(nest)
  const { size: bytes } = nest.form.format
  const length = typeof part.depth === 'number' ? i32(part.depth) : part.depth
  const start = packing.b
    ? sum(panels.b, op('i32.mul', op('i32.mul', op('i32.sub', column.j, column.from), length), i32(width * bytes)))
    : sum(sum(at.b, op('i32.mul', column.j, i32(width * bytes))), op('i32.mul', part.start, i32(tile.bStep)))
  const b0 = f.let(start)
  const c0 = f.let(sum(at.c, op('i32.mul', column.j, i32(width * tile.cColumn))))
  const a0 = packing.a ? panels.a : f.let(sum(at.a, op('i32.mul', part.start, i32(tile.aStep))))
  const [a, b, c] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const i = f.let(rows.from)
  const one = (high: number) => {
    const down = packing.a ? op('i32.mul', op('i32.sub', i, rows.from), length) : i
    f.set(a, sum(a0, op('i32.mul', down, i32(ROWS * (packing.a ? bytes : tile.aRow)))))
    f.set(b, b0)
    f.set(c, sum(c0, op('i32.mul', i, i32(ROWS * tile.cRow))))
    emitTile(f, tile, { rows: high, ...size }, { a, b, c, depth: part.depth, add: part.add, never })
  }
  const full = Math.floor(nest.form.m / ROWS)
  const rest = nest.form.m - full * ROWS
  if (full > 0) each(f, i, rest > 0 ? f.let(least(rows.to, full)) : rows.to, 1, () => one(ROWS))
  if (rest > 0) f.if(op('i32.gt_s', rows.to, i32(full)), () => one(rest))
}
