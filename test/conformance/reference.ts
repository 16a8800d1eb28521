/** The naive side: what ops that move and combine elements compute, said once more with plain loops. */
import type { Tensor } from '../../src/tensor/index.ts'

/** An element by its index. */
export type Get = (...index: number[]) => number

export interface Table {
  readonly shape: readonly number[]
  readonly data: number[]
}

/** One number per index, in row-major order. */
export function table(shape: readonly number[], f: Get): Table {
  const data: number[] = []
  const fill = (index: number[]) => {
    if (index.length === shape.length) data.push(f(...index))
    else for (let i = 0; i < shape[index.length]; i++) fill([...index, i])
  }
  fill([])
  return { shape, data }
}

/** The elements of a tensor, read out flat beforehand; outside of its shape there is 0. */
export function getter(x: Tensor): Get {
  const data = x.data
  return (...index) => {
    let at = 0
    for (let d = 0; d < x.ndim; d++) {
      if (index[d] < 0 || index[d] >= x.shape[d]) return 0
      at = at * x.shape[d] + index[d]
    }
    return data[at]
  }
}

export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i)
}

/** Σ f(i) for i < n; with more sizes, over all index combinations. */
export function total(sizes: number | readonly number[], f: Get): number {
  return table(typeof sizes === 'number' ? [sizes] : sizes, f).data.reduce((a, b) => a + b, 0)
}

export const product = (n: number, f: Get): number => range(n).reduce((p, i) => p * f(i), 1)

export type Matrix = number[][]

export const matrix = (n: number, m: number, f: Get): Matrix => range(n).map((i) => range(m).map((j) => f(i, j)))
export const times = (a: Matrix, b: Matrix): Matrix =>
  matrix(a.length, b[0].length, (i, j) => total(b.length, (k) => a[i][k] * b[k][j]))
export const entries = (a: Matrix): Table => ({ shape: [a.length, a[0].length], data: a.flat() })

/** By expansion along the first row. */
export const determinant = (a: Matrix): number =>
  a.length === 0 ? 1 : total(a.length, (j) => (j % 2 === 0 ? 1 : -1) * a[0][j] * determinant(minor(a, 0, j)))

const minor = (a: Matrix, i: number, j: number): Matrix =>
  a.filter((_, k) => k !== i).map((row) => row.filter((_, k) => k !== j))

export const cofactors = (a: Matrix): Matrix =>
  matrix(a.length, a.length, (i, j) => ((i + j) % 2 === 0 ? 1 : -1) * determinant(minor(a, i, j)))

export const inverseOf = (a: Matrix): Matrix => {
  const [c, d] = [cofactors(a), determinant(a)]
  return matrix(a.length, a.length, (i, j) => c[j][i] / d)
}

/** L with L Lᵀ = A, entry by entry. */
export function choleskyOf(a: Matrix): Matrix {
  const l = matrix(a.length, a.length, () => 0)
  for (const i of range(a.length)) {
    for (const j of range(i + 1)) {
      const rest = a[i][j] - total(j, (k) => l[i][k] * l[j][k])
      l[i][j] = i === j ? Math.sqrt(rest) : rest / l[j][j]
    }
  }
  return l
}

/** Where the first of the largest numbers stands. */
export const largest = (n: number, f: Get): number => range(n).reduce((best, i) => (f(i) > f(best) ? i : best), 0)
