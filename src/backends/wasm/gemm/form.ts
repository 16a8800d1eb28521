/**
 * The canonical form of a product kernel, so that equal work is recognised and code has few cases. Loops that an operand
 * takes in one stride are merged; a batch loop that one operand does not vary over is a loop of rows or columns; rows
 * and columns of C each lie at even distances, outer loops that would break this are batch loops. C's columns lie
 * closer together than its rows, for Cᵀ = Bᵀ Aᵀ.
 */
import { collapse, type Loops, placesOf, reorder } from '../../js/layout.ts'
import type { Axes, ProductKernel } from '../../kernels.ts'
import { type FloatFormat, formatOf } from '../format.ts'

/** A matrix of loops: an element's place is the sum of one of `outer` and one of `inner`, in elements. */
export interface Matrix {
  readonly outer: Walk
  readonly inner: Walk
}

/** Loops of one operand, merged where they can be. */
export interface Walk {
  readonly sizes: readonly number[]
  readonly strides: readonly number[]
}

/** C[m, n] (+)= Σₖ A[m, k] B[n, k], for each of a batch. */
export interface Form {
  readonly format: FloatFormat
  readonly m: number
  readonly n: number
  readonly k: number
  readonly a: Matrix
  readonly b: Matrix
  /** Elements from one row, and from one column, of C to the next. */
  readonly c: { readonly row: number; readonly column: number }
  /** Sizes, and strides of a, b and c. */
  readonly batch: Loops
  readonly add: boolean
  /** Whether a and b have changed places. */
  readonly swapped: boolean
}

export const count = ({ sizes }: { readonly sizes: readonly number[] }): number => sizes.reduce((n, s) => n * s, 1)

/** The stride of a walk that has but one; undefined for nested loops. */
export function strideOf({ sizes, strides }: Walk): number | undefined {
  if (sizes.length === 0) return 0
  return sizes.length === 1 ? strides[0] : undefined
}

/** Whether a few such strides make an offset that code can hold, which cannot be negative. */
export const near = (stride: number | undefined): boolean => stride !== undefined && stride >= 0 && stride < 2 ** 24

/** The place of each element of the walk. */
export const places = ({ sizes, strides }: Walk): Int32Array =>
  placesOf({ sizes: [...sizes], strides: [[...strides]] }, 0)

export function formOf(kernel: ProductKernel): Form {
  const { batch, rows, columns } = distribute(kernel)
  const summed = sorted(kernel.summed, [0, 1])
  const walk = (loops: Loops, x: number): Walk => {
    const { sizes, strides } = collapse(loops.sizes, [loops.strides[x]])
    return { sizes, strides: strides[0] }
  }
  const distance = (loops: Loops): number => loops.strides[2].at(-1) ?? 0
  const [m, n] = [count(rows), count(columns)]
  const turned = m > 1 && (n === 1 || distance(rows) < distance(columns))
  const a = { outer: walk(rows, 0), inner: walk(summed, 0) }
  const b = { outer: walk(columns, 1), inner: walk(summed, 1) }
  const common = { format: formatOf(kernel.dtype)!, k: count(summed), add: kernel.add, swapped: turned }
  if (!turned) return { ...common, m, n, a, b, c: { row: distance(rows), column: distance(columns) }, batch }
  const { sizes, strides } = batch
  const c = { row: distance(columns), column: distance(rows) }
  return { ...common, m: n, n: m, a: b, b: a, c, batch: { sizes, strides: [strides[1], strides[0], strides[2]] } }
}

/** Merged loops, the one with the longest steps in the first of those operands outermost. */
function sorted(axes: Axes, by: readonly number[]): Loops {
  const far = (d: number, e: number): number => {
    for (const x of by) {
      const difference = Math.abs(axes.strides[x][e]) - Math.abs(axes.strides[x][d])
      if (difference !== 0) return difference
    }
    return d - e
  }
  const order = axes.sizes.map((_, d) => d).sort(far)
  const { sizes, strides } = reorder(axes.sizes, axes.strides, order)
  return collapse(sizes, strides)
}

function distribute(kernel: ProductKernel): Record<'batch' | 'rows' | 'columns', Loops> {
  const pick = (axes: Axes, wanted: (d: number) => boolean): Loops => {
    const order = axes.sizes.map((_, d) => d).filter(wanted)
    return reorder(axes.sizes, axes.strides, order)
  }
  const { strides } = kernel.batch
  const still = (x: number) => (d: number) => strides[x][d] === 0 && strides[2][d] !== 0
  const rows = split(sorted(join(pick(kernel.batch, still(1)), kernel.rows), [2, 0]))
  const alone = (d: number) => still(0)(d) && !still(1)(d)
  const columns = split(sorted(join(pick(kernel.batch, alone), kernel.columns), [2, 1]))
  const both = pick(kernel.batch, (d) => !still(0)(d) && !still(1)(d))
  const batch = sorted(join(join(both, rows.outer), columns.outer), [2, 0])
  return { batch, rows: rows.inner, columns: columns.inner }
}

const join = (a: Axes, b: Axes): Loops => ({
  sizes: [...a.sizes, ...b.sizes],
  strides: a.strides.map((s, x) => [...s, ...b.strides[x]]),
})

/** The innermost loops that C takes in one stride, and the rest. */
function split({ sizes, strides }: Loops): { outer: Loops; inner: Loops } {
  const c = strides[2]
  let at = Math.max(0, sizes.length - 1)
  while (at > 0 && c[at - 1] === c[at] * sizes[at]) at--
  const part = (from: number, to: number): Loops => ({
    sizes: sizes.slice(from, to),
    strides: strides.map((s) => s.slice(from, to)),
  })
  return { outer: part(0, at), inner: part(at, sizes.length) }
}
