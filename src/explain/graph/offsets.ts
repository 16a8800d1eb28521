/** Index arithmetic: where an element of one tensor is found in others that share some of its dimensions. */
import { contiguousStrides } from '../../ops/shape.ts'
import type { Shape } from '../../ops/value.ts'

/** Per target: how far each dimension of the source moves in it, and the offsets of what the source does not fix. */
export interface Target {
  readonly strides: readonly number[]
  readonly extras: ArrayLike<number>
}

/** Every combination of the given dimensions as an offset; the last dimension runs fastest. */
export function offsets(sizes: Shape, strides: readonly number[]): Int32Array {
  let table = Int32Array.of(0)
  sizes.forEach((size, d) => {
    const next = new Int32Array(table.length * size)
    for (let i = 0; i < table.length; i++) for (let j = 0; j < size; j++) next[i * size + j] = table[i] + j * strides[d]
    table = next
  })
  return table
}

/** Takes a flat row-major index of a shape apart, and says where it lies under other strides. */
export class Locator {
  readonly shape: Shape
  readonly dense: readonly number[]

  constructor(shape: Shape) {
    this.shape = shape
    this.dense = contiguousStrides(shape)
  }

  /** The offset of the flat index i under `strides`, one per dimension. */
  locate(i: number, strides: readonly number[]): number {
    let at = 0
    let rest = i
    for (let d = 0; d < strides.length; d++) {
      const along = Math.floor(rest / this.dense[d])
      rest -= along * this.dense[d]
      at += along * strides[d]
    }
    return at
  }

  /** One index per dimension. */
  coordinates(i: number): number[] {
    return this.dense.map((stride, d) => Math.floor(i / stride) % this.shape[d])
  }
}
