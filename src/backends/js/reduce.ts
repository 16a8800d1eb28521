/**
 * Reductions of any layout without copying it first. Kept and reduced dimensions are each merged where the strides
 * allow it and walked as a table of offsets around one loop of constant step. Sums run in float64 over four
 * accumulators, whatever the dtype: better rounded and no slower than one.
 */
import { allocate, dtypes } from '../../ops/dtype.ts'
import type { ReduceAttrs, ReduceDefinition, ReduceKernel, ReduceWalk } from '../../ops/kinds/reduce.ts'
import { contiguousStrides, sizeOf } from '../../ops/shape.ts'
import type { Spec, Strided, TypedArray } from '../../ops/value.ts'
import { codeGeneration, composeClosure, emitJs, scalarHelpers } from '../../scalar/index.ts'
import { reduceInWasm } from '../wasm/eager/reduce.ts'
import { collapse, type Loops, placesOf, reorder } from './layout.ts'

export function runReduce(op: ReduceDefinition, x: Strided, { axes }: ReduceAttrs, spec: Spec): TypedArray {
  const out = allocate(spec.dtype, sizeOf(spec.shape))
  if (out.length === 0) return out
  if (reduceInWasm(op, x, axes, spec, out)) return out
  const walk = walkOf(x, axes)
  const rows = isRowWise(walk)
  const key = dtypes.indexOf(x.dtype) * 8 + dtypes.indexOf(spec.dtype) * 2 + (rows ? 0 : 1)
  let kernel = op.kernels.get(key)
  if (!kernel) op.kernels.set(key, (kernel = makeKernel(op, rows, spec.dtype === 'int32')))
  kernel(x.buffer, out, walk)
  return out
}

/** Below this many neighbours a row of accumulators is not worth its loop. */
const NARROW = 8

/** Row by row where the elements of a result lie closer together than the results do; else all results of a run at once. */
const isRowWise = ({ keptCount, keptStep, count, step }: ReduceWalk): boolean =>
  Math.abs(step) <= Math.abs(keptStep) || keptCount < NARROW || count === 0

function walkOf(x: Strided, axes: readonly number[]): ReduceWalk {
  const dims = x.shape.map((_, d) => d)
  const order = (chosen: readonly number[]) =>
    [...chosen].sort((a, b) => Math.abs(x.strides[b]) - Math.abs(x.strides[a]))
  const kept = dims.filter((d) => !axes.includes(d))
  const places = dims.map(() => 0)
  contiguousStrides(kept.map((d) => x.shape[d])).forEach((stride, i) => {
    places[kept[i]] = stride
  })
  const merged = (chosen: readonly number[], ...strides: (readonly number[])[]): Loops => {
    const { sizes, strides: sorted } = reorder(x.shape, strides, order(chosen))
    return collapse(sizes, sorted)
  }
  const [outer, reduced] = [merged(kept, x.strides, places), merged(axes, x.strides)]
  const around = ({ sizes, strides }: Loops): Loops => ({
    sizes: sizes.slice(0, -1),
    strides: strides.map((s) => s.slice(0, -1)),
  })
  const from = placesOf(around(outer), 0)
  for (let i = 0; i < from.length; i++) from[i] += x.offset
  return {
    kept: from,
    places: placesOf(around(outer), 1),
    keptCount: outer.sizes.at(-1) ?? 1,
    keptStep: outer.strides[0].at(-1) ?? 0,
    placeStep: outer.strides[1].at(-1) ?? 0,
    reduced: placesOf(around(reduced), 0),
    count: reduced.sizes.at(-1) ?? 1,
    step: reduced.strides[0].at(-1) ?? 0,
  }
}

function makeKernel(op: ReduceDefinition, rows: boolean, integer: boolean): ReduceKernel {
  const join = (acc: string, x: string): string => {
    const { statements, results } = emitJs([op.combine], { args: { acc, x }, integer })
    if (statements.length > 0) throw new Error(`${op.name}: the formula of a monoid must be one expression`)
    return results[0]
  }
  if (!codeGeneration.allowed()) return composeKernel(op, integer)
  const first = (x: string) => (op.identity === undefined ? x : String(op.identity))
  const body = rows ? rowLoop(first, join) : columnLoop(op.identity === undefined, first, join)
  const source = `return function (x, out, walk) {
    const { kept, places, keptCount, keptStep, placeStep, reduced, count, step } = walk
    for (let k = 0; k < kept.length; k++) {
      const base = kept[k], place = places[k]
      ${body}
    }
  }`
  return new Function('S', source)(scalarHelpers) as ReduceKernel
}

type Join = (acc: string, x: string) => string

/** One result after the other. */
const rowLoop = (first: (x: string) => string, join: Join): string => `
  for (let i = 0; i < keptCount; i++) {
    const start = base + i * keptStep
    let a = ${first('x[start]')}, b = a, c = a, d = a
    for (let r = 0; r < reduced.length; r++) {
      let p = start + reduced[r]
      let n = count
      for (; n >= 4; n -= 4) {
        a = ${join('a', 'x[p]')}
        p += step
        b = ${join('b', 'x[p]')}
        p += step
        c = ${join('c', 'x[p]')}
        p += step
        d = ${join('d', 'x[p]')}
        p += step
      }
      for (; n > 0; n--, p += step) a = ${join('a', 'x[p]')}
    }
    a = ${join('a', 'b')}
    c = ${join('c', 'd')}
    out[place + i * placeStep] = ${join('a', 'c')}
  }`

/** All results of a run side by side; without an identity they start from their first elements. */
const columnLoop = (skip: boolean, first: (x: string) => string, join: Join): string => `
  const acc = new Float64Array(keptCount)
  for (let i = 0, p = base; i < keptCount; i++, p += keptStep) acc[i] = ${first('x[p]')}
  for (let r = 0; r < reduced.length; r++) {
    for (let l = ${skip ? 'r === 0 ? 1 : 0' : '0'}; l < count; l++) {
      let p = base + reduced[r] + l * step
      for (let i = 0; i < keptCount; i++, p += keptStep) acc[i] = ${join('acc[i]', 'x[p]')}
    }
  }
  for (let i = 0; i < keptCount; i++) out[place + i * placeStep] = acc[i]`

function composeKernel(op: ReduceDefinition, integer: boolean): ReduceKernel {
  const f = composeClosure(op.combine, ['acc', 'x'], { integer })
  const frame = new Float64Array(2)
  return (x, out, { kept, places, keptCount, keptStep, placeStep, reduced, count, step }) => {
    for (let k = 0; k < kept.length * keptCount; k++) {
      const [run, i] = [Math.floor(k / keptCount), k % keptCount]
      const base = kept[run] + i * keptStep
      frame[0] = op.identity ?? x[base]
      for (let l = op.identity === undefined ? 1 : 0; l < reduced.length * count; l++) {
        frame[1] = x[base + reduced[Math.floor(l / count)] + (l % count) * step]
        frame[0] = f(frame)
      }
      out[places[run] + i * placeStep] = frame[0]
    }
  }
}
