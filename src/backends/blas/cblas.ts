/** The interface of every BLAS for C, as cblas.h has it. */

export type Floats = Float32Array | Float64Array

/** What `cblas_sgemm` and `cblas_dgemm` take: C = alpha A B + beta C, each matrix with its leading dimension. */
export type CblasGemm = (
  ...args: [
    order: number,
    transA: number,
    transB: number,
    m: number,
    n: number,
    k: number,
    alpha: number,
    a: Floats,
    lda: number,
    b: Floats,
    ldb: number,
    beta: number,
    c: Floats,
    ldc: number,
  ]
) => void

/** Values of its enums. */
export const ROW_MAJOR = 101
export const AS_IT_IS = 111
export const TRANSPOSED = 112
