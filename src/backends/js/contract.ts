/** Runs contractions as matrix products (`product.ts`): by the system's BLAS where there is one and it is worth it. */
import { allocate, isFloating } from '../../ops/dtype.ts'
import type { ContractAttrs } from '../../ops/kinds/contract.ts'
import { sizeOf } from '../../ops/shape.ts'
import type { DType, Spec, Strided, TypedArray } from '../../ops/value.ts'
import { findBlas } from '../blas/blas.ts'
import { type Gemm, multiply, multiplyIntegers } from './gemm.ts'
import { placesOf } from './layout.ts'
import { type Product, productOf } from './product.ts'

export function runContract(a: Strided, b: Strided, { indices }: ContractAttrs, spec: Spec): TypedArray {
  const out = allocate(spec.dtype, sizeOf(spec.shape))
  if (out.length > 0) run(productOf(a, b, indices, out, spec.shape), spec.dtype)
  return out
}

function run(p: Product, dtype: DType): void {
  const [m, n, k] = [p.rows, p.columns, p.summed].map(({ sizes }) => sizeOf(sizes))
  runTabled(findBlas()?.gemm(dtype, m, n, k) ?? (isFloating(dtype) ? multiply : multiplyIntegers), p)
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
