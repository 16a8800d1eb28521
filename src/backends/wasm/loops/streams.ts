/**
 * The streams of a kernel as registers: what a shape of rows and vectors reads of an operand, and where its values go.
 */

import { bytesPerElement } from '../../../ops/dtype.ts'
import type { DType } from '../../../ops/value.ts'
import type { LoopKernel } from '../../kernels.ts'
import { load, shuffle } from '../emit/code.ts'
import type { Scope } from '../formula.ts'
import { type Lanes, type Register, strandOf } from '../lanes.ts'
import { readVector, spot, writeVector, writeWindowFlags } from './elements.ts'
import type { Shape } from './folds.ts'
import type { Axis, Layout } from './layout.ts'
import type { Address, Pointers } from './walk.ts'

export class Streams {
  private readonly l: Lanes
  private readonly kernel: LoopKernel
  private readonly layout: Layout
  /** Bytes of an element. */
  private readonly sizes: readonly number[]

  constructor(l: Lanes, kernel: LoopKernel, layout: Layout) {
    this.l = l
    this.kernel = kernel
    this.layout = layout
    this.sizes = [...kernel.reads, ...kernel.writes].map(({ dtype }) => bytesPerElement[dtype])
  }

  /** Bytes from one element along the axis to the next. */
  step(axis: Axis, stream: number): number {
    return axis.strides[stream] * this.sizes[stream]
  }

  read(operand: number, pointers: Pointers, { rows, vectors, last }: Shape): Register {
    const { dtype } = this.kernel.reads[operand]
    const along = this.layout.lane.strides[operand]
    const { l } = this
    if (
      this.layout.tile?.strides[operand] === 1 &&
      along !== 0 &&
      along !== 1 &&
      dtype === 'float32' &&
      last === l.count
    )
      return this.transposed(pointers[operand], along * this.sizes[operand], rows)
    const read = (r: number, v: number) => {
      const offset = (this.down(operand, r) + v * l.count * along) * this.sizes[operand]
      const lanes = v === vectors - 1 ? last : l.count
      return l.f.let(readVector(l, dtype, pointers[operand], offset, along, lanes))
    }
    const many = Array.from({ length: rows }, (_, r) => r).some((r) => this.down(operand, r) !== 0) ? rows : 1
    const wide = along === 0 ? 1 : vectors
    const found = Array.from({ length: many }, (_, r) => Array.from({ length: wide }, (_, v) => read(r, v)))
    if (many === 1) return { strands: found[0] }
    return { strands: found.flatMap((row) => Array.from({ length: vectors }, (_, v) => row[v % wide])) }
  }

  /** What is written of step number `i`: flags are masks. */
  value(w: number, scope: Scope, i: number): Register {
    return this.kernel.writes[w].dtype === 'bool' ? scope.mask(i) : scope.value(i)
  }

  /** Writes step number `i` of the scope. */
  write(w: number, scope: Scope, i: number, pointers: Pointers, { rows, vectors, last }: Shape): void {
    const stream = this.kernel.reads.length + w
    const { dtype } = this.kernel.writes[w]
    const value = this.value(w, scope, i)
    if (rows === 4 && vectors === 1 && this.isWindow(stream, dtype)) {
      const masks = Array.from({ length: rows }, (_, r) => strandOf(value, r))
      writeWindowFlags(this.l, pointers[stream], masks, last)
      return
    }
    const along = this.layout.lane.strides[stream]
    for (let r = 0; r < rows; r++) {
      for (let v = 0; v < vectors; v++) {
        const offset = (this.down(stream, r) + v * this.l.count * along) * this.sizes[stream]
        const lanes = v === vectors - 1 ? last : this.l.count
        const strand = strandOf(value, r * vectors + v)
        writeVector(this.l, dtype, pointers[stream], offset, lanes === 1 ? 1 : along, lanes, strand)
      }
    }
  }

  /** Whether four rows of flags are neighbours, and the next lane's follow them. */
  private isWindow(stream: number, dtype: DType): boolean {
    const together = [0, 1, 2, 3].every((r) => this.down(stream, r) === r)
    return dtype === 'bool' && this.l.count === 4 && this.layout.lane.strides[stream] === 4 && together
  }

  /** What the rows of a shape differ in. */
  private get acrossRows(): readonly Axis[] {
    const { inside, kind, tile } = this.layout
    return tile ? [tile] : kind === 'column' ? inside : []
  }

  /** From the first row of a shape to another one, in elements. */
  private down(stream: number, row: number): number {
    let offset = 0
    let rest = row
    for (const { size, strides } of this.acrossRows.toReversed()) {
      offset += (rest % size) * strides[stream]
      rest = Math.floor(rest / size)
    }
    return offset
  }

  /** Four vectors that run across the rows, turned into four that run along them. */
  private transposed(at: Address, step: number, rows: number): Register {
    const { f } = this.l
    const across = [0, 1, 2, 3].map((i) => {
      const from = spot(at, i * step)
      return f.let(load('v128.load', from.at, from.offset))
    })
    const [a, b, c, d] = across
    const halves = [
      [a, c, 0],
      [b, d, 0],
      [a, c, 1],
      [b, d, 1],
    ] as const
    const picks = [
      [0, 4, 1, 5],
      [2, 6, 3, 7],
    ]
    const [ac, bd, ac2, bd2] = halves.map(([x, y, half]) => f.let(shuffle(x, y, picks[half])))
    const turned = [
      [ac, bd, 0],
      [ac, bd, 1],
      [ac2, bd2, 0],
      [ac2, bd2, 1],
    ] as const
    return { strands: turned.slice(0, rows).map(([x, y, half]) => f.let(shuffle(x, y, picks[half]))) }
  }
}
