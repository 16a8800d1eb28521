/**
 * Runs contractions as matrix products (`product.ts`) by whatever multiplies fastest: the system's BLAS if there is
 * one, then WebAssembly, then JavaScript, each from a measured size on.
 */
import { allocate, isFloating } from '../../ops/dtype.ts'
import type { ContractAttrs } from '../../ops/kinds/contract.ts'
import { sizeOf } from '../../ops/shape.ts'
import type { DType, Spec, Strided, TypedArray } from '../../ops/value.ts'
import { findBlas } from '../blas/blas.ts'
import { multiplyInWasm } from '../wasm/eager/products.ts'
import { type Gemm, multiply, multiplyIntegers } from './gemm.ts'
import { type Loops, placesOf } from './layout.ts'
import { type Product, productOf } from './product.ts'

export function runContract(a: Strided, b: Strided, { indices }: ContractAttrs, spec: Spec): TypedArray {
  const out = allocate(spec.dtype, sizeOf(spec.shape))
  if (out.length > 0) run(productOf(a, b, indices, out, spec.shape), spec.dtype)
  return out
}

/**
 * What BLAS cannot use in place is copied for it element by element, WebAssembly reads any layout: it has multiplied
 * so many times by then (measured with OpenBLAS on convolutions of 1 to 256 channels).
 */
const COPY = 40

function run(p: Product, dtype: DType): void {
  const [m, n, k] = [p.rows, p.columns, p.summed].map(({ sizes }) => sizeOf(sizes))
  const native = findBlas()?.gemm(dtype, m, n, k)
  if (native && COPY * copied(p, m, n, k) <= m * n * k) runTabled(native, p)
  else if (!multiplyInWasm(p, dtype)) runTabled(native ?? (isFloating(dtype) ? multiply : multiplyIntegers), p)
}

/** How many elements of a batch's matrices BLAS cannot use in place. */
function copied({ rows, columns, summed }: Product, m: number, n: number, k: number): number {
  const a = isMatrix(rows, summed, 0) ? 0 : m * k
  const b = isMatrix(columns, summed, 1) ? 0 : n * k
  return a + b + (isMatrix(rows, columns, 2) ? 0 : m * n)
}

/** Whether operand x has rows or columns without gaps at even distances. */
function isMatrix(outer: Loops, inner: Loops, x: number): boolean {
  if (outer.sizes.length > 1 || inner.sizes.length > 1) return false
  const [down, across] = [outer.strides[x][0] ?? 1, inner.strides[x][0] ?? 1]
  return down === 1 || across === 1
}

/** One product per batch, with the place of every row and column in tables. */
function runTabled(gemm: Gemm, { a, b, c, batch, rows, columns, summed }: Product): void {
  const [rowA, rowC] = [placesOf(rows, 0), placesOf(rows, 2)]
  const [columnB, columnC] = [placesOf(columns, 1), placesOf(columns, 2)]
  const [sumA, sumB] = [placesOf(summed, 0), placesOf(summed, 1)]
  const [batchA, batchB, batchC] = [0, 1, 2].map((x) => placesOf(batch, x))
  for (let i = 0; i < batchA.length; i++) {
    gemm(
      { data: a.data, offset: a.offset + batchA[i], outer: rowA, inner: sumA },
      { data: b.data, offset: b.offset + batchB[i], outer: columnB, inner: sumB },
      { data: c.data, offset: c.offset + batchC[i], outer: rowC, inner: columnC },
    )
  }
}
