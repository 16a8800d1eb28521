/**
 * Calls made: as JavaScript source, so that each is one direct call with constants for arguments, or one after another
 * where a page's Content-Security-Policy forbids code from strings. `perform` and `build` also run in workers, which are
 * handed their text: they must use nothing from outside of themselves.
 */
import { AS_IT_IS, ROW_MAJOR, TRANSPOSED } from '../../blas/cblas.ts'
import type { BlasCall, Call } from '../calls.ts'

/** `cblas_sgemm` or `cblas_dgemm`, for matrices given by their addresses in the process. */
export type NativeGemm = (...args: number[]) => void

/** What calls are made of. */
export interface Callees {
  readonly exports: Readonly<Record<string, (...args: number[]) => void>>
  readonly float32?: NativeGemm
  readonly float64?: NativeGemm
  /** The address of the shared memory in the process. */
  readonly base: number
}

/** A function in both forms. */
export interface Code {
  readonly calls: readonly Call[]
  /** The body of a function of `callees`, which gives the function that makes the calls. */
  readonly source: string
}

export const codeOf = (calls: readonly Call[]): Code => ({ calls, source: sourceOf(calls) })

/** V8 does not optimise functions that are very long. */
const MOST = 40

function sourceOf(calls: readonly Call[]): string {
  const names = [...new Set(calls.map((c) => (c.is === 'wasm' ? c.name : '')))].filter(Boolean)
  const lines = names.map((name, i) => `const f${i} = callees.exports[${JSON.stringify(name)}]`)
  lines.push('const { float32, float64, base } = callees')
  const statements = calls.map((c) =>
    c.is === 'wasm' ? `f${names.indexOf(c.name)}(${c.args.join(', ')})` : products(c),
  )
  if (statements.length <= MOST) return [...lines, `return () => {\n${statements.join('\n')}\n}`].join('\n')
  const groups = Math.ceil(statements.length / MOST)
  for (let i = 0; i < groups; i++) {
    lines.push(`const g${i} = () => {\n${statements.slice(i * MOST, (i + 1) * MOST).join('\n')}\n}`)
  }
  return [...lines, `return () => { ${Array.from({ length: groups }, (_, i) => `g${i}()`).join('; ')} }`].join('\n')
}

/** The arguments before a, between a and b, between b and c, and after c. */
const argumentsOf = (c: BlasCall): number[][] => [
  [ROW_MAJOR, c.transA ? TRANSPOSED : AS_IT_IS, c.transB ? TRANSPOSED : AS_IT_IS, c.m, c.n, c.k, 1],
  [c.lda],
  [c.ldb, c.beta],
  [c.ldc],
]

function products(c: BlasCall): string {
  const [before, lda, ldb, after] = argumentsOf(c).map(String)
  const [a, b, d] = c.steps
  if (c.count === 1) {
    return `${c.dtype}(${before}, base + ${c.a}, ${lda}, base + ${c.b}, ${ldb}, base + ${c.c}, ${after})`
  }
  return (
    `for (let i = 0, a = base + ${c.a}, b = base + ${c.b}, c = base + ${c.c}; i < ${c.count}; i++, a += ${a}, b += ${b}, c += ${d}) ` +
    `${c.dtype}(${before}, a, ${lda}, b, ${ldb}, c, ${after})`
  )
}

/** Makes the calls one after another. */
export function perform(calls: readonly Call[], callees: Callees): void {
  const { exports, base } = callees
  for (const c of calls) {
    if (c.is === 'wasm') {
      exports[c.name](...c.args)
      continue
    }
    const [a, b, d] = c.steps
    // Values of cblas.ts, which a worker has not.
    const gemm = callees[c.dtype]!
    for (let i = 0; i < c.count; i++) {
      const [x, y, z] = [base + c.a + i * a, base + c.b + i * b, base + c.c + i * d]
      gemm(101, c.transA ? 112 : 111, c.transB ? 112 : 111, c.m, c.n, c.k, 1, x, c.lda, y, c.ldb, c.beta, z, c.ldc)
    }
  }
}

/** The function that makes the calls. `one` is `perform`. */
export function build(code: Code, callees: Callees, one: typeof perform): () => void {
  try {
    return new Function('callees', code.source)(callees) as () => void
  } catch {
    // A Content-Security-Policy without 'unsafe-eval'.
    return () => one(code.calls, callees)
  }
}
