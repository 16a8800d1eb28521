/**
 * How BLAS gets an operand of a product: as it lies, or copied first. It takes matrices whose rows or columns lie side by
 * side at even distances. Some are such matrices for a part of the sum: the positions within one image of a batch, say.
 */
import { type Form, type Matrix, places, strideOf, type Walk } from './form.ts'

/** How BLAS reads a matrix: with its rows, or if `turned` its columns, `ld` elements apart. */
export interface Placed {
  readonly turned: boolean
  readonly ld: number
}

/** A matrix in parts of rows and steps of the sum, as it lies or copied. */
export interface Source extends Placed {
  /** Elements from one row to the next; 0 if copied. */
  readonly row: number
  /** Per part of the sum, how many elements from the matrix's start it lies. */
  readonly starts: readonly number[]
  readonly copied?: Copied
}

/** Some steps of the sum. */
export interface Part {
  readonly start: number
  readonly length: number
}

/** Bytes from the start of the tables: one entry per row and per step. */
interface Copied {
  readonly rowsAt: number
  readonly stepsAt: number
  /** The table of what the copy's rows run along has an entry for so many elements side by side. */
  readonly run: number
}

/** Elements of a copy: half a megabyte. */
const COPY = 131072
/** So many steps of a sum are worth a call, rather than copying an operand to make it longer. */
const LONG = 64

/**
 * How BLAS would read the operands in place, and how many steps of the sum at a time: all, or a run of those in which an
 * operand lies at even distances, as the positions within one image of many do.
 */
export function placements(form: Form): { placed: { a?: Placed; b?: Placed }; length: number } {
  const { m, n, k } = form
  const placed = { a: place(form.a, m, k), b: place(form.b, n, k) }
  let length = k
  for (const [x, rows] of [
    ['a', m],
    ['b', n],
  ] as const) {
    const { outer, inner } = form[x]
    const run = commonDivisor(length, inner.sizes.at(-1) ?? 1)
    if (placed[x] || run < LONG) continue
    placed[x] = place({ outer, inner: { sizes: [run], strides: [inner.strides.at(-1)!] } }, rows, run)
    if (placed[x]) length = run
  }
  return { placed, length }
}

/** Parts of at most `depth` steps, none across a multiple of `length`. */
export function partsOf(k: number, length: number, depth: number): Part[] {
  const parts: Part[] = []
  for (let p = 0; p < k; p += length)
    for (let q = 0; q < length; q += depth) parts.push({ start: p + q, length: Math.min(depth, length - q) })
  return parts
}

/** How BLAS would read the matrix in place; undefined if it cannot. */
function place({ outer, inner }: Matrix, rows: number, columns: number): Placed | undefined {
  const [down, across] = [strideOf(outer), strideOf(inner)]
  if (down === undefined || across === undefined) return undefined
  if ((across === 1 || columns === 1) && (down >= columns || rows === 1))
    return { turned: false, ld: Math.max(down, columns) }
  if ((down === 1 || rows === 1) && (across >= rows || columns === 1))
    return { turned: true, ld: Math.max(across, rows) }
  return undefined
}

/** How many of k steps of the sum at a time: what is copied of them fits into the cache, in whole runs if possible. */
export function depthOf({ a, b }: Form, k: number, rows: number, columns: number): number {
  const widest = Math.max(rows, columns)
  const most = widest === 0 ? k : Math.max(64, Math.floor(COPY / widest))
  if (most >= k) return k
  const runs = [rows > 0 ? runOf(a.inner) : 1, columns > 0 ? runOf(b.inner) : 1]
  const together = (runs[0] * runs[1]) / commonDivisor(runs[0], runs[1])
  return together <= most ? most - (most % together) : Math.ceil(k / Math.ceil(k / most))
}

/** Whether a copy runs along the columns of the matrix: its longer runs. */
export const readTurned = ({ outer, inner }: Matrix): boolean => runOf(outer) > runOf(inner)

/** How many elements lie side by side. */
const runOf = ({ sizes, strides }: Walk): number => (strides.at(-1) === 1 ? sizes.at(-1)! : 1)

const commonDivisor = (x: number, y: number): number => (y === 0 ? x : commonDivisor(y, x % y))

export class Tables {
  readonly entries: number[] = []
  private readonly size: number

  constructor(size: number) {
    this.size = size
  }

  /** Adds the places of every so manyth element, in bytes, and says where they start. */
  add(walk: Walk, every: number): number {
    const start = 4 * this.entries.length
    for (const [i, p] of places(walk).entries()) if (i % every === 0) this.entries.push(p * this.size)
    // Vectors of entries are read whole.
    this.entries.push(0, 0, 0, 0)
    return start
  }
}

/** `rows` are those of the whole operand and of a part of it. */
export function sourceOf(
  { outer, inner }: Matrix,
  found: Placed | undefined,
  tables: Tables,
  [whole, rows]: readonly number[],
  parts: readonly Part[],
): Source {
  if (found) {
    const at = places(inner)
    return { ...found, row: strideOf(outer)!, starts: parts.map(({ start }) => at[start]) }
  }
  // Distances within a copy depend on the sizes of parts.
  const turned = readTurned({ outer, inner })
  const cuts = turned ? (rows < whole ? [rows] : []) : parts.flatMap(({ start, length }) => [start, length])
  const fitting = cuts.reduce(commonDivisor, runOf(turned ? outer : inner))
  const run = fitting >= 4 ? fitting : 1
  const copied = { rowsAt: tables.add(outer, turned ? run : 1), stepsAt: tables.add(inner, turned ? 1 : run), run }
  return { turned, ld: 0, row: 0, starts: [], copied }
}
