/**
 * Matrix products by tiles, in one function per product whose sizes and distances are baked in. A and B are read where
 * they lie if a tile can (any even distances for A, whole rows for B), and else packed into panels first, by tables of
 * places that describe any layout: transposed, strided or overlapping, as a convolution's windows are. What is packed,
 * and what is deeper than the caches hold, is done in blocks; the parts of a sum are added to C one after the other, so
 * with a unit u of rounding an element is off by at most (min(k, DEPTH) + ⌈k / DEPTH⌉) u Σ |a| |b|.
 */
import { WHOLE_FROM } from './batch.ts'
import { count, type Form, near, places, strideOf } from './form.ts'
import { emitProduct, type Nest, type Packing, ROWS } from './nest.ts'
import type { TileLayout } from './tile.ts'
import type { Way } from './way.ts'

/** Steps of a sum done at a time: a panel of A and one of B take half of the first cache. */
const DEPTH = 320
/** Rows of A that are packed at a time, for the second cache. */
const HIGH = 128
/** Columns of B that are packed at a time: about a megabyte. */
const WIDE = { 4: 1024, 8: 512 } as const

/** What can be read where it lies. */
export function readable({ a, b, k }: Form): Packing {
  const step = strideOf(b.inner)
  return {
    a: near(strideOf(a.outer)) && near(strideOf(a.inner)),
    b: strideOf(b.outer) === 1 && near(step) && (step !== 0 || k === 1),
  }
}

export interface TileKind {
  readonly relaxed: boolean
  /** Tiles of four vectors rather than two, for engines that take two as one. */
  readonly wide: boolean
}

export function blockedWay(form: Form, packing: Packing, kind: TileKind, product: string): Way {
  const name = kind.wide ? `${product}W` : product
  const { plan, tables } = planOf(form, packing, kind)
  const { tiles, panels, split, depth, high, wide } = plan
  const { format } = form
  const batch = count(form.batch)
  const units = form.m * form.n === 0 ? 0 : split === 'batch' ? batch : split === 'rows' ? tiles : panels
  const bytes = (packed: boolean, n: number) => (packed ? Math.ceil((n * depth * format.size) / 64) * 64 : 0)
  const packedA = bytes(packing.a, Math.min(tiles, high) * ROWS)
  const nest = { ...plan, packedA }
  return {
    name,
    by: kind.wide ? 'wide' : 'wasm',
    units: batch === 0 ? 0 : units,
    scratchBytes: packedA + bytes(packing.b, Math.min(panels, wide) * plan.vectors * format.count),
    tables,
    emit: (module, shared) => emitProduct(module, shared, nest, name),
    calls: ({ a, b, c }, from, to, space) => {
      const [x, y] = form.swapped ? [b, a] : [a, b]
      return [{ is: 'wasm', name, args: [x, y, c, from, to, space.tables, space.scratch, 0] }]
    },
  }
}

function planOf(
  form: Form,
  packing: Packing,
  { relaxed, wide }: TileKind,
): { plan: Omit<Nest, 'packedA'>; tables: Int32Array } {
  const { format, m, n, k } = form
  const vectors = wide ? 4 : 2
  const width = vectors * format.count
  const { size } = format
  const [tiles, panels] = [Math.ceil(m / ROWS), Math.ceil(n / width)]
  const depth = k <= DEPTH ? k : Math.ceil(k / Math.ceil(k / DEPTH))
  const { tables, at } = tablesOf(form, packing, width)
  const direct = (stride: number | undefined, unit: number) => (stride || unit) * size
  const tile: TileLayout = {
    format,
    aRow: packing.a ? size : direct(strideOf(form.a.outer), 0),
    aStep: packing.a ? ROWS * size : direct(strideOf(form.a.inner), 0),
    bStep: packing.b ? width * size : direct(strideOf(form.b.inner), width),
    cRow: form.c.row * size,
    // a lone column lies beside nothing
    cColumn: (n === 1 ? 1 : form.c.column) * size,
    relaxed,
  }
  const split = count(form.batch) >= WHOLE_FROM ? 'batch' : columnsCostLess(form, packing) ? 'columns' : 'rows'
  const blocks = { depth, high: HIGH / ROWS, wide: WIDE[size] / width }
  return { plan: { form, packing, split, vectors, tiles, panels, ...blocks, tables: at, tile }, tables }
}

/** Whether threads that split the columns have less to pack, or to read, than threads that split the rows. */
const columnsCostLess = ({ m, n }: Form, packing: Packing): boolean =>
  packing.a === packing.b ? n >= m : packing.b && n >= 32

/** Places of the packed operands' elements in bytes; entries are repeated, as packing reads beyond the last one. */
function tablesOf({ format, a, b }: Form, packing: Packing, width: number): { tables: Int32Array; at: Nest['tables'] } {
  const entries: number[] = []
  const add = (walk: Parameters<typeof places>[0]): number => {
    const start = 4 * entries.length
    const all = places(walk)
    for (const place of all) entries.push(place * format.size)
    for (let i = 0; i < Math.max(width, 2 * ROWS); i++) entries.push((all.at(-1) ?? 0) * format.size)
    return start
  }
  const at = {
    a: packing.a ? [add(a.outer), add(a.inner)] : [],
    b: packing.b ? [add(b.outer), add(b.inner)] : [],
  }
  return { tables: Int32Array.from(entries), at }
}
