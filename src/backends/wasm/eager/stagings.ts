/**
 * Operands on their way between the JavaScript heap and the WebAssembly memory. What an operand spans is copied in one
 * piece and read there with its own strides, so a convolution's windows arrive as the picture they look at. Where that
 * would mostly be gaps, the elements are copied without them.
 */
import { dtypeOf } from '../../../ops/dtype.ts'
import type { Strided, TypedArray } from '../../../ops/value.ts'
import { copyInto } from '../../js/layout.ts'
import type { Place, Product } from '../../js/product.ts'
import { spanOfOperand } from '../../span.ts'

export const GROUPS = ['batch', 'rows', 'columns', 'summed'] as const
export type Group = (typeof GROUPS)[number]

/** How an operand lies in the memory. */
export interface Staging {
  /** Elements that it takes there. */
  readonly size: number
  /** Which of them is the one at the operand's offset. */
  readonly start: number
  /** The strides there of a group's loops. */
  readonly strides: Readonly<Record<Group, number[]>>
  /** The loops that bring it there if it is not one piece: their strides on either side. */
  readonly moves?: Moves
}

interface Moves {
  readonly shape: readonly number[]
  readonly outside: readonly number[]
  readonly inside: readonly number[]
}

/** Operand x of the product: 0, 1, 2 for a, b, c. What lies between the elements of c is not ours to write. */
export function stagingOf(p: Product, x: number): Staging {
  const { start, end } = spanOfOperand(p, x)
  const size = end - start
  let elements = 1
  for (const group of GROUPS) {
    const { sizes, strides } = p[group]
    for (let d = 0; d < sizes.length; d++) if (strides[x][d] !== 0) elements *= sizes[d]
  }
  if (size > (x === 2 ? elements : 2 * elements)) return withoutGaps(p, x, elements)
  const { batch, rows, columns, summed } = p
  const strides = {
    batch: batch.strides[x],
    rows: rows.strides[x],
    columns: columns.strides[x],
    summed: summed.strides[x],
  }
  return { size, start: -start, strides }
}

/** The same order as outside, from the largest stride to the smallest. */
function withoutGaps(p: Product, x: number, size: number): Staging {
  const strides = { batch: [0], rows: [0], columns: [0], summed: [0] }
  const loops = GROUPS.flatMap((group) => {
    strides[group] = p[group].sizes.map(() => 0)
    return p[group].sizes.map((n, d) => ({ group, d, n, outside: p[group].strides[x][d], inside: 0 }))
  }).filter(({ outside }) => outside !== 0)
  loops.sort((a, b) => Math.abs(a.outside) - Math.abs(b.outside))
  let step = 1
  for (const loop of loops) {
    strides[loop.group][loop.d] = loop.inside = step
    step *= loop.n
  }
  loops.reverse()
  const moves = {
    shape: loops.map(({ n }) => n),
    outside: loops.map(({ outside }) => outside),
    inside: loops.map(({ inside }) => inside),
  }
  return { size, start: 0, strides, moves }
}

type Memory = Float32Array | Float64Array

/** From the heap to element `at` of the memory. */
export function copyIn({ data, offset }: Place, { size, start, moves }: Staging, memory: Memory, at: number): void {
  if (moves) copyInto(seen(memory, at, moves.shape, moves.inside), seen(data, offset, moves.shape, moves.outside))
  else memory.set(data.subarray(offset - start, offset - start + size), at)
}

/** From element `at` of the memory to the heap. */
export function copyOut({ data, offset }: Place, { size, start, moves }: Staging, memory: Memory, at: number): void {
  if (moves) copyInto(seen(data, offset, moves.shape, moves.outside), seen(memory, at, moves.shape, moves.inside))
  else data.set(memory.subarray(at, at + size), offset - start)
}

function seen(buffer: TypedArray, offset: number, shape: readonly number[], strides: readonly number[]): Strided {
  return { buffer, offset, shape, strides, dtype: dtypeOf(buffer) }
}
