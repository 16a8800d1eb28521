/**
 * Iteration spaces: sizes in row-major order, none of them 1, some of them inner. Tasks are at home on one of two
 * levels: at every point, or once per row, a row being what the inner dimensions run through. A fold goes from points
 * to rows, what is broadcast from rows to points. Spaces of equal size are brought together by splitting dimensions.
 */

export interface Space {
  readonly sizes: readonly number[]
  readonly inner: readonly boolean[]
}

export const pointsOf = ({ sizes }: Space): number => sizes.reduce((n, s) => n * s, 1)
export const rowsOf = ({ sizes, inner }: Space): number => sizes.reduce((n, s, d) => (inner[d] ? n : n * s), 1)
export const isFlat = ({ inner }: Space): boolean => !inner.includes(true)

export function spaceOf(shape: readonly number[], folded: readonly boolean[]): Space {
  const dims = shape.map((_, d) => d).filter((d) => shape[d] !== 1)
  return { sizes: dims.map((d) => shape[d]), inner: dims.map((d) => folded[d]) }
}

/** The coarsest sizes that both lists of sizes are split into; null where they do not meet. */
function refine(a: readonly number[], b: readonly number[]): number[] | null {
  const sizes: number[] = []
  let [i, j] = [a.length - 1, b.length - 1]
  let [restA, restB] = [a[i] ?? 1, b[j] ?? 1]
  while (i >= 0 || j >= 0) {
    const size = Math.min(restA, restB)
    if (size <= 1 || restA % size !== 0 || restB % size !== 0) return null
    sizes.unshift(size)
    restA /= size
    restB /= size
    if (restA === 1) restA = a[--i] ?? 1
    if (restB === 1) restB = b[--j] ?? 1
  }
  return sizes
}

/** Marks of dimensions, handed on to those that they were split into. */
function spread(marks: readonly boolean[], from: readonly number[], to: readonly number[]): boolean[] {
  const out = new Array<boolean>(to.length).fill(false)
  let d = to.length - 1
  for (let i = from.length - 1; i >= 0; i--) {
    for (let rest = from[i]; rest > 1; rest /= to[d--]) out[d] = marks[i]
  }
  return out
}

/** Strides of a view of `shape` over the sizes that its dimensions were split into. */
export function stridesOver(shape: readonly number[], strides: readonly number[], sizes: readonly number[]): number[] {
  const out = new Array<number>(sizes.length)
  let d = sizes.length - 1
  for (let i = shape.length - 1; i >= 0; i--) {
    let step = strides[i]
    for (let rest = shape[i]; rest > 1; rest /= sizes[d--]) {
      out[d] = step
      step *= sizes[d]
    }
  }
  return out
}

/** As `stridesOver`, for what is the same all along a row. */
export function rowStrides(shape: readonly number[], strides: readonly number[], { sizes, inner }: Space): number[] {
  const kept = stridesOver(
    shape,
    strides,
    sizes.filter((_, d) => !inner[d]),
  )
  let at = 0
  return inner.map((folded) => (folded ? 0 : kept[at++]))
}

/** Two spaces as one, and whether the points of one become rows. */
export interface Union {
  readonly space: Space
  readonly rows: readonly [a: boolean, b: boolean]
}

/** The points of a are those of b. */
export function joinPoints(a: Space, b: Space): Union | null {
  const sizes = refine(a.sizes, b.sizes)
  if (!sizes) return null
  const [x, y] = [spread(a.inner, a.sizes, sizes), spread(b.inner, b.sizes, sizes)]
  if (!isFlat(a) && !isFlat(b) && x.some((folded, d) => folded !== y[d])) return null
  return { space: { sizes, inner: isFlat(a) ? y : x }, rows: [false, false] }
}

/** The points of the flat space a are the rows of b. */
export function joinRows(a: Space, b: Space): Space | null {
  const kept = b.sizes.filter((_, d) => !b.inner[d])
  const split = refine(a.sizes, kept)
  if (!split) return null
  const sizes: number[] = []
  const inner: boolean[] = []
  let at = split.length - 1
  for (let d = b.sizes.length - 1; d >= 0; d--) {
    for (let rest = b.sizes[d]; rest > 1; ) {
      const size = b.inner[d] ? rest : split[at--]
      sizes.unshift(size)
      inner.unshift(b.inner[d])
      rest /= size
    }
  }
  return { sizes, inner }
}
