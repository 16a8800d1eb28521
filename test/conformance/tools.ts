/** Operands in every layout, and how numbers are compared. */
import { expect } from 'vitest'
import { flatten } from '../../src/autodiff/tree.ts'
import { isFloating } from '../../src/ops/dtype.ts'
import { castTo } from '../../src/ops/elementwise/index.ts'
import type { DType } from '../../src/ops/value.ts'
import { expand } from '../../src/ops/view/expand.ts'
import { permute } from '../../src/ops/view/permute.ts'
import { reshape } from '../../src/ops/view/reshape.ts'
import { slice } from '../../src/ops/view/slice.ts'
import { Generator, rand, type Tensor, tensor, write, zeros } from '../../src/tensor/index.ts'

/** Reproducible: the numbers depend on the seed and the order of the draws alone. */
export const randomness = (seed: number) => new Generator(seed)

/** Ordinary numbers of the range; whole ones for int32, flags for bool. */
export function draw(
  shape: readonly number[],
  dtype: DType,
  generator: Generator,
  [low, high]: readonly number[] = [-2, 2],
): Tensor {
  const numbers = rand(shape, { dtype: 'float64', generator }).data.map((r: number) => {
    if (dtype === 'bool') return Number(r > 0.5)
    const x = low + (high - low) * r
    return dtype === 'int32' ? Math.round(x) : x
  })
  return reshape(tensor(numbers as Float64Array, { dtype }), shape)
}

/** The same elements with every second element of a larger array in reversed order of dimensions. */
export function strided(x: Tensor): Tensor {
  if (x.ndim === 0) return reshape(strided(reshape(x, [1])), [])
  const dims = x.shape.map((_, d) => x.ndim - 1 - d)
  const large = zeros(
    dims.map((d) => 2 * x.shape[d] + 1),
    { dtype: x.dtype },
  )
  const ones = x.shape.map(() => 1)
  const seen = slice(permute(large, dims), { start: ones, step: x.shape.map(() => 2), size: x.shape })
  write('strided', seen, x)
  return seen
}

/** The same elements in order, but not at the start of their buffer. */
export function offset(x: Tensor): Tensor {
  const large = zeros([x.size + 3], { dtype: x.dtype })
  const seen = slice(large, { start: [2], step: [1], size: [x.size] })
  write('offset', seen, reshape(x, [x.size]))
  return reshape(seen, x.shape)
}

/** The first row along the first dimension, repeated without being copied. */
export function repeated(x: Tensor): Tensor {
  const zeroes = x.shape.map(() => 0)
  const ones = x.shape.map(() => 1)
  const row = slice(x, { start: zeroes, step: ones, size: x.shape.map((n, d) => (d === 0 ? 1 : n)) })
  return expand(tensor(row), x.shape)
}

export const cast = (x: Tensor, dtype: DType): Tensor => (x.dtype === dtype ? x : castTo(x, dtype))
export const leavesOf = (tree: unknown): Tensor[] => flatten(tree).leaves
export const floatsOf = (tree: unknown): Tensor[] => leavesOf(tree).filter((x) => isFloating(x.dtype))

/** Σ a b, and the sum of the sizes of its terms. */
export function dot(as: readonly Tensor[], bs: readonly Tensor[]): { sum: number; size: number } {
  let [sum, size] = [0, 0]
  as.forEach((a, k) => {
    const [x, y] = [a.data, bs[k].data]
    for (let i = 0; i < x.length; i++) {
      sum += x[i] * y[i]
      size += Math.abs(x[i] * y[i])
    }
  })
  return { sum, size }
}

/** Every element within the tolerance, relative to the largest number in sight; NaN equals NaN. */
export function expectNear(got: Tensor, wanted: ArrayLike<number>, tolerance: number, what: string): void {
  const data = got.data
  const scale = Array.from(wanted).reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 1)
  expect(data.length, `${what}: the number of elements`).toBe(wanted.length)
  for (let i = 0; i < data.length; i++) {
    const near = Object.is(data[i] + 0, wanted[i] + 0) || Math.abs(data[i] - wanted[i]) <= tolerance * scale
    expect(near, `${what}: element ${i} of [${got.shape.join(', ')}] is ${data[i]}, not ${wanted[i]}`).toBe(true)
  }
}

export function expectShape(got: Tensor, shape: readonly number[], dtype: DType, what: string): void {
  expect([got.dtype, ...got.shape], `${what}: dtype and shape`).toEqual([dtype, ...shape])
}

/** Equal up to units in the last place; -0 is 0. */
export function isUlp(got: number, wanted: number, ulp: number, epsilon = Number.EPSILON): boolean {
  return Object.is(got + 0, wanted + 0) || Math.abs(got - wanted) <= ulp * epsilon * Math.abs(wanted)
}
