/**
 * Contractions as matrix products. The letters of the index string fall into four groups: in both operands and the
 * result (batch), in a and the result (rows), in b and the result (columns), in both operands only (summed). Within a
 * group an element's place is a sum of one offset per group, so a table of offsets per group reads any layout,
 * transposed, strided or overlapping (a convolution's windows), without copying it first.
 */
import { allocate } from '../../ops/dtype.ts'
import { type ContractAttrs, parseIndices } from '../../ops/kinds/contract.ts'
import { contiguousStrides, sizeOf } from '../../ops/shape.ts'
import type { Spec, Strided, TypedArray } from '../../ops/value.ts'
import { findBlas } from '../blas/blas.ts'
import { type Factor, multiply, multiplyIntegers } from './gemm.ts'

export function runContract(a: Strided, b: Strided, { indices }: ContractAttrs, spec: Spec): TypedArray {
  const letters = parseIndices(indices)
  const out = allocate(spec.dtype, sizeOf(spec.shape))
  if (out.length === 0) return out
  const left = sumLonely(a, letters.a, letters.b + letters.out)
  const right = sumLonely(b, letters.b, letters.a + letters.out)
  const inA = (l: string) => left.letters.includes(l)
  const inB = (l: string) => right.letters.includes(l)
  const all = [...letters.out]
  const batch = all.filter((l) => inA(l) && inB(l))
  const rows = all.filter((l) => !inB(l))
  const columns = all.filter((l) => !inA(l))
  const summed = [...left.letters].filter((l) => !letters.out.includes(l))
  const c = {
    letters: letters.out,
    x: { buffer: out, shape: spec.shape, strides: contiguousStrides(spec.shape), offset: 0, dtype: spec.dtype },
  }
  const tables = (group: readonly string[], ...of: Lettered[]) => of.map((o) => offsets(o, group))
  const [batchA, batchB, batchC] = tables(batch, left, right, c)
  const [rowA, rowC] = tables(rows, left, c)
  const [columnB, columnC] = tables(columns, right, c)
  const [sumA, sumB] = tables(summed, left, right)
  const integer = spec.dtype === 'int32' || spec.dtype === 'bool'
  const gemm = integer
    ? multiplyIntegers
    : (findBlas()?.gemm(spec.dtype, rowA.length, columnB.length, sumA.length) ?? multiply)
  for (let k = 0; k < batchA.length; k++) {
    const fa: Factor = { data: left.x.buffer, offset: left.x.offset + batchA[k], outer: rowA, inner: sumA }
    const fb: Factor = { data: right.x.buffer, offset: right.x.offset + batchB[k], outer: columnB, inner: sumB }
    gemm(fa, fb, { data: out, offset: batchC[k], outer: rowC, inner: columnC })
  }
  return out
}

interface Lettered {
  readonly letters: string
  readonly x: Strided
}

/** A letter that stands in this operand alone is summed over before anything is multiplied. */
function sumLonely(x: Strided, letters: string, others: string): Lettered {
  const lonely = [...letters].filter((l) => !others.includes(l))
  if (lonely.length === 0) return { letters, x }
  const kept = [...letters].filter((l) => others.includes(l))
  const from = { letters, x }
  const at = offsets(from, kept)
  const along = offsets(from, lonely)
  const exact = x.dtype === 'int32' || x.dtype === 'bool'
  const data = exact ? new Int32Array(at.length) : new Float64Array(at.length)
  for (let i = 0; i < at.length; i++) {
    let sum = 0
    for (let k = 0; k < along.length; k++) sum += x.buffer[x.offset + at[i] + along[k]]
    data[i] = sum
  }
  const shape = kept.map((l) => x.shape[letters.indexOf(l)])
  return {
    letters: kept.join(''),
    x: { buffer: data, shape, strides: contiguousStrides(shape), offset: 0, dtype: exact ? 'int32' : 'float64' },
  }
}

/** Where each combination of the group's indices lies, the last letter running fastest. */
function offsets({ letters, x }: Lettered, group: readonly string[]): Int32Array {
  const dims = group.map((l) => letters.indexOf(l))
  const table = new Int32Array(sizeOf(dims.map((d) => x.shape[d])))
  let filled = 1
  for (const d of dims) {
    const [n, step] = [x.shape[d], x.strides[d]]
    for (let i = filled - 1; i >= 0; i--) {
      const base = table[i]
      for (let k = n - 1; k >= 0; k--) table[i * n + k] = base + k * step
    }
    filled *= n
  }
  return table
}
