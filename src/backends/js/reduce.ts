/**
 * Reductions as three nested loops: what comes before the reduced block, the block, what comes after it. Sums run in
 * float64 over four accumulators, whatever the dtype: better rounded and no slower than one.
 */
import { allocate, dtypes } from '../../ops/dtype.ts'
import type { ReduceAttrs, ReduceDefinition, ReduceKernel } from '../../ops/kinds/reduce.ts'
import { isContiguous, sizeOf } from '../../ops/shape.ts'
import type { Spec, Strided, TypedArray } from '../../ops/value.ts'
import { codeGeneration, composeClosure, emitJs, scalarHelpers } from '../../scalar/index.ts'
import { toDense } from './layout.ts'

export function runReduce(op: ReduceDefinition, x: Strided, { axes }: ReduceAttrs, spec: Spec): TypedArray {
  const { data, outer, length, inner } = arrange(x, axes)
  const out = allocate(spec.dtype, outer * inner)
  const key = dtypes.indexOf(x.dtype) * 8 + dtypes.indexOf(spec.dtype) * 2 + (inner === 1 ? 0 : 1)
  let kernel = op.kernels.get(key)
  if (!kernel) op.kernels.set(key, (kernel = makeKernel(op, inner === 1)))
  kernel(data, out, outer, length, inner)
  return out
}

/** The reduced axes as one block of the dense elements; they are moved to the end where they are not neighbours. */
function arrange(x: Strided, axes: readonly number[]) {
  const rank = x.shape.length
  const sizes = (dims: readonly number[]) => sizeOf(dims.map((d) => x.shape[d]))
  const length = sizes(axes)
  const neighbours = axes.every((a, i) => a === axes[0] + i)
  if (neighbours && isContiguous(x.shape, x.strides)) {
    const first = axes[0] ?? rank
    const outer = sizeOf(x.shape.slice(0, first))
    return { data: toDense(x), outer, length, inner: sizeOf(x.shape.slice(first + axes.length)) }
  }
  const kept = x.shape.map((_, d) => d).filter((d) => !axes.includes(d))
  const order = [...kept, ...axes]
  const moved = { ...strided(x), shape: order.map((d) => x.shape[d]), strides: order.map((d) => x.strides[d]) }
  return { data: toDense(moved), outer: sizes(kept), length, inner: 1 }
}

const strided = ({ buffer, offset, dtype }: Strided) => ({ buffer, offset, dtype })

function makeKernel(op: ReduceDefinition, rows: boolean): ReduceKernel {
  const join = (acc: string, x: string): string => {
    const { statements, results } = emitJs([op.combine], { args: { acc, x } })
    if (statements.length > 0) throw new Error(`${op.name}: the formula of a monoid must be one expression`)
    return results[0]
  }
  if (!codeGeneration.allowed()) return composeKernel(op)
  const start = op.identity === undefined ? 0 : 1
  const first = (x: string) => (start ? String(op.identity) : x)
  const source = rows
    ? `for (let o = 0; o < outer; o++) {
        let p = o * length
        const end = p + length
        let a = ${first('x[p]')}, b = a, c = a, d = a
        for (; p + 3 < end; p += 4) {
          a = ${join('a', 'x[p]')}; b = ${join('b', 'x[p + 1]')}; c = ${join('c', 'x[p + 2]')}; d = ${join('d', 'x[p + 3]')}
        }
        for (; p < end; p++) a = ${join('a', 'x[p]')}
        a = ${join('a', 'b')}; c = ${join('c', 'd')}
        out[o] = ${join('a', 'c')}
      }`
    : `const acc = new Float64Array(inner)
      for (let o = 0; o < outer; o++) {
        const base = o * length * inner
        for (let i = 0; i < inner; i++) acc[i] = ${first('x[base + i]')}
        for (let l = ${1 - start}; l < length; l++) {
          const p = base + l * inner
          for (let i = 0; i < inner; i++) acc[i] = ${join('acc[i]', 'x[p + i]')}
        }
        for (let i = 0; i < inner; i++) out[o * inner + i] = acc[i]
      }`
  return new Function('S', `return function (x, out, outer, length, inner) {\n${source}\n}`)(
    scalarHelpers,
  ) as ReduceKernel
}

function composeKernel(op: ReduceDefinition): ReduceKernel {
  const f = composeClosure(op.combine, ['acc', 'x'])
  const frame = new Float64Array(2)
  return (x, out, outer, length, inner) => {
    for (let at = 0; at < outer * inner; at++) {
      const base = Math.floor(at / inner) * length * inner + (at % inner)
      frame[0] = op.identity ?? x[base]
      for (let l = op.identity === undefined ? 1 : 0; l < length; l++) {
        frame[1] = x[base + l * inner]
        frame[0] = f(frame)
      }
      out[at] = frame[0]
    }
  }
}
