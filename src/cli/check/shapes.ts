/** Arguments of which shapes a function may take, the most telling first; which of them fit is found by trying. */

/** One argument: floating point numbers, or whole numbers below a bound. */
export interface Shaped {
  readonly shape: readonly number[]
  readonly below?: number
}

export type Shapes = readonly Shaped[]

const MATRIX = [2, 3]
/** Vector, number, square matrix, batch of matrices, batch of pictures. */
const others = [[3], [], [3, 3], [2, 3, 4], [1, 2, 4, 4]]

/** Batches, sizes of layers, classes: all of them different, so that what does not fit is noticed. */
const [N, A, B, C] = [2, 3, 4, 2]

/** x and then weights, with biases or without, stored [in, out] or [out, in]. */
const chains: readonly (readonly (readonly number[])[])[] = [
  [[N, A], [A, B], [B], [B, C], [C], [C, A], [A]],
  [[N, A], [B, A], [B], [C, B], [C], [A, C], [A]],
  [
    [N, A],
    [A, B],
    [B, C],
    [C, A],
  ],
]

const special: readonly Shapes[] = [
  // A vector of weights, an offset, values to fit.
  [{ shape: [N, A] }, { shape: [A] }],
  [{ shape: [N, A] }, { shape: [A] }, { shape: [] }],
  [{ shape: [N, A] }, { shape: [A] }, { shape: [N] }],
  [{ shape: [N, A] }, { shape: [A] }, { shape: [] }, { shape: [N] }],
  [{ shape: [N, A] }, { shape: [A, B] }, { shape: [N, B] }],
  [{ shape: [N, A] }, { shape: [A, B] }, { shape: [B] }, { shape: [N, B] }],
  // A system of equations, products of batches, a convolution.
  [{ shape: [3, 3] }, { shape: [3] }],
  [{ shape: [N, B, A] }, { shape: [N, A, B] }],
  [{ shape: [1, 2, 6] }, { shape: [3, 2, 3] }],
  [{ shape: [1, 2, 5, 5] }, { shape: [3, 2, 3, 3] }],
  [{ shape: [1, 2, 5, 5] }, { shape: [3, 2, 3, 3] }, { shape: [3] }],
  // Scores and classes; tokens and a table.
  [{ shape: [N, B] }, { shape: [N], below: B }],
  [{ shape: [N, A], below: B }, { shape: [B, C] }],
]

/** What a function of so many arguments is tried with. */
export function shapesOf(count: number): Shapes[] {
  const alike = (shape: readonly number[]): Shapes => Array.from({ length: count }, () => ({ shape }))
  const chained = count < 2 ? [] : chains.flatMap((c) => (c.length < count ? [] : [c.slice(0, count).map(shaped)]))
  return [alike(MATRIX), ...chained, ...special.filter(({ length }) => length === count), ...others.map(alike)]
}

const shaped = (shape: readonly number[]): Shaped => ({ shape })
