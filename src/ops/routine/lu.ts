/** Gaussian elimination: A = P⁻¹ L U with the largest pivot of each column, in place, in float64. */

export interface Factors {
  /** U on and above the diagonal, the multipliers of L below it. */
  readonly lu: Float64Array
  /** Row i of L U is row rows[i] of A. */
  readonly rows: Int32Array
  /** The sign of the permutation. */
  readonly sign: number
  /** True where a column had nothing but zeros left to divide by. */
  readonly singular: boolean
}

/** Overwrites `a`, an n × n matrix in row-major order. */
export function factorize(a: Float64Array, n: number): Factors {
  const rows = Int32Array.from({ length: n }, (_, i) => i)
  let sign = 1
  let singular = false
  for (let k = 0; k < n; k++) {
    let best = k
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[best * n + k])) best = i
    if (best !== k) {
      swapRows(a, n, k, best)
      ;[rows[k], rows[best]] = [rows[best], rows[k]]
      sign = -sign
    }
    const pivot = a[k * n + k]
    if (pivot === 0) singular = true
    else eliminate(a, n, k, pivot)
  }
  return { lu: a, rows, sign, singular }
}

export function swapRows(a: Float64Array, n: number, i: number, j: number): void {
  for (let k = 0; k < n; k++) [a[i * n + k], a[j * n + k]] = [a[j * n + k], a[i * n + k]]
}

/** Subtracts multiples of row k from the rows below it; the multiplier takes the place of the zero that results. */
export function eliminate(a: Float64Array, n: number, k: number, pivot: number): void {
  for (let i = k + 1; i < n; i++) {
    const factor = (a[i * n + k] /= pivot)
    if (factor !== 0) for (let j = k + 1; j < n; j++) a[i * n + j] -= factor * a[k * n + j]
  }
}

/** X with A X = B for B of n rows and m columns, by one substitution in each direction. */
export function substitute({ lu, rows }: Factors, n: number, b: ArrayLike<number>, m: number): Float64Array {
  const x = new Float64Array(n * m)
  for (let i = 0; i < n; i++) for (let c = 0; c < m; c++) x[i * m + c] = b[rows[i] * m + c]
  for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) subtractRow(x, m, i, k, lu[i * n + k])
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtractRow(x, m, i, k, lu[i * n + k])
    for (let c = 0; c < m; c++) x[i * m + c] /= lu[i * n + i]
  }
  return x
}

/** Row i minus `factor` times row k. */
export function subtractRow(x: Float64Array, m: number, i: number, k: number, factor: number): void {
  if (factor !== 0) for (let c = 0; c < m; c++) x[i * m + c] -= factor * x[k * m + c]
}
