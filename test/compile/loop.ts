/**
 * Loop kernels in JavaScript, which compiled ones must equal. A row at a time, step after step: an array holds each
 * step's values along the row, and writes follow when all are known, so that a write may replace an operand. All
 * arithmetic is float64; values are rounded when they are written.
 */
import { type Loops, placesOf } from '../../src/backends/js/layout.ts'
import type { LoopKernel, LoopStep } from '../../src/backends/kernels.ts'
import type { TypedArray } from '../../src/ops/value.ts'
import { compileLoop, compileScalar, freeArgs } from '../../src/scalar/index.ts'

/** Where an operand or a result lies: its first element is `data[offset]`. */
export interface LoopArray {
  readonly data: TypedArray
  readonly offset: number
}

type Runner = (reads: readonly LoopArray[], writes: readonly LoopArray[]) => void

/** What has been made of each kernel: it is run again and again. */
const runners = new WeakMap<LoopKernel, Runner>()

/** Computes the kernel from its operands; `writes` are the arrays that it fills. */
export function runLoop(kernel: LoopKernel, reads: readonly LoopArray[], writes: readonly LoopArray[]): void {
  const runner = runners.get(kernel) ?? makeRunner(kernel)
  runners.set(kernel, runner)
  runner(reads, writes)
}

function makeRunner(kernel: LoopKernel): Runner {
  const { rows, points } = walksOf(kernel)
  const streams = [...kernel.reads, ...kernel.writes].keys()
  const starts = [...streams].map((k) => placesOf(rows, k))
  const places = starts.map((_, k) => placesOf(points, k))
  const count = points.sizes.reduce((n, size) => n * size, 1)
  const times = rows.sizes.reduce((n, size) => n * size, 1)
  const operands = kernel.reads.map(() => new Float64Array(count))
  const values = kernel.steps.map(() => new Float64Array(count))
  const steps = kernel.steps.map((step, i) => stepOf(step, values[i], { r: operands, s: values }))
  return (reads, writes) => {
    for (let row = 0; row < times; row++) {
      for (const [k, { data, offset }] of reads.entries()) gather(operands[k], data, offset + starts[k][row], places[k])
      for (const step of steps) step(count)
      for (const [w, { data, offset }] of writes.entries()) {
        const k = reads.length + w
        store(data, values[kernel.writes[w].step], offset + starts[k][row], places[k])
      }
    }
  }
}

/** The loops around a row and those along it; without folds a row is the last dimension. */
function walksOf({ sizes, folded, reads, writes }: LoopKernel): { rows: Loops; points: Loops } {
  const split = sizes.length - Math.max(folded, Math.min(sizes.length, 1))
  const part = (from: number, to?: number): Loops => ({
    sizes: sizes.slice(from, to),
    strides: [...reads, ...writes].map(({ strides }) => sizes.map((_, d) => strides[d] ?? 0).slice(from, to)),
  })
  return { rows: part(0, split), points: part(split) }
}

/** Fills a step's values along the row from those of operands (r0 ...) and of earlier steps (s0 ...). */
function stepOf(step: LoopStep, out: Float64Array, known: Record<'r' | 's', Float64Array[]>): (count: number) => void {
  const formula = step.is === 'map' ? step.formula : step.of
  const args = freeArgs(formula)
  const columns = args.map((name) => known[name[0] as 'r' | 's'][Number(name.slice(1))])
  const loop = compileLoop(formula, args, { operands: args.map(() => 'vector') })
  if (step.is === 'map') return (count) => loop(count, out, ...columns)
  const combine = compileScalar(step.combine, ['acc', 'x'])
  return (count) => {
    loop(count, out, ...columns)
    let acc = step.identity ?? out[0]
    for (let p = step.identity === undefined ? 1 : 0; p < count; p++) acc = combine(acc, out[p])
    out.fill(acc)
  }
}

function gather(out: Float64Array, data: TypedArray, from: number, places: Int32Array): void {
  for (let p = 0; p < out.length; p++) out[p] = data[from + places[p]]
}

function store(data: TypedArray, values: Float64Array, to: number, places: Int32Array): void {
  const isFlag = data instanceof Uint8Array
  for (let p = 0; p < values.length; p++) data[to + places[p]] = isFlag ? Number(values[p] !== 0) : values[p]
}
