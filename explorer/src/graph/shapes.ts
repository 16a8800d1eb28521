/** Shapes and places in them, in words and numbers, and how much room a shape is given. No engine is needed for that. */

/** Columns for the number of a node: one short number, or the range of several. */
export const ROOM = { one: 10, many: 20 }

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1)

export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** The index of an element, as in `[1,0]`; nothing for a single number. */
export const indexText = (shape: readonly number[], flat: number): string =>
  shape.length === 0 ? '' : `[${indexOf(shape, flat).join(',')}]`

/** One integer per dimension, of an element in row-major order. */
export function indexOf(shape: readonly number[], flat: number): number[] {
  const index: number[] = []
  let rest = flat
  for (const size of shape.toReversed()) {
    index.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return index
}

/** The number in row-major order; the inverse of `indexOf`. */
export const flatOf = (shape: readonly number[], index: readonly number[]): number =>
  shape.reduce((flat, size, d) => flat * size + index[d], 0)
