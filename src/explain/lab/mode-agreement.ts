/** Do forward mode, reverse mode and central differences give the same Jacobian? On a few entries and on a projection of all. */
import { jvp, vjp } from '../../autodiff/index.ts'
import { castTo } from '../../ops/elementwise/castTo.ts'
import { fromArray, Generator, randn, type Tensor, zerosLike } from '../../tensor/index.ts'
import type { Subject } from './passes.ts'

/** An entry of the Jacobian, in flat indices of output and input, in three ways. */
export interface EntrySample {
  readonly output: number
  readonly input: number
  readonly forward: number
  readonly reverse: number
  readonly difference: number
}

export interface Agreement {
  readonly samples: readonly EntrySample[]
  /** uᵀ J v for random u and v, as u · (J v) and as (Jᵀ u) · v: every entry takes part. */
  readonly projection: { readonly forward: number; readonly reverse: number }
  /** The largest |forward - reverse| among the samples, and that of the differences from reverse mode. */
  readonly modes: number
  readonly differences: number
}

const SAMPLES = 5

export function compareModes(subject: Subject, seed: number): Agreement {
  const rows = spread(subject.outputs)
  const columns = spread(subject.inputs)
  const [, pull] = vjp(subject.f, ...subject.xs)
  const gradients = rows.map((row) => flat(pull(unit(subject.y, row))))
  const tangents = columns.map((column) => jvp(subject.f, subject.xs, units(subject.xs, column))[1].data)
  const quotients = columns.map((column) => centralDifference(subject, column))
  const samples = Array.from({ length: Math.max(rows.length, columns.length) }, (_, i) => {
    const [r, c] = [i % rows.length, i % columns.length]
    const [output, input] = [rows[r], columns[c]]
    return {
      output,
      input,
      forward: tangents[c][output],
      reverse: gradients[r][input],
      difference: quotients[c][output],
    }
  })
  const furthest = (of: (s: EntrySample) => number) =>
    samples.reduce((far, s) => Math.max(far, Math.abs(of(s) - s.reverse)), 0)
  return {
    samples,
    projection: project(subject, pull, seed),
    modes: furthest((s) => s.forward),
    differences: furthest((s) => s.difference),
  }
}

/** Up to five of n indices, from the first to the last. */
function spread(n: number): number[] {
  const count = Math.min(n, SAMPLES)
  return Array.from({ length: count }, (_, i) => Math.round((i * (n - 1)) / Math.max(1, count - 1)))
}

function project({ f, xs, y }: Subject, pull: (u: Tensor) => Tensor[], seed: number) {
  const generator = new Generator(seed)
  const like = (x: Tensor) => castTo(randn(x.shape, { generator }), x.dtype)
  const [v, u] = [xs.map(like), like(y)]
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0)
  return { forward: dot(u.data, jvp(f, xs, v)[1].data), reverse: dot(flat(pull(u)), flat(v)) }
}

/** (f(x + h) - f(x - h)) / 2h, with the h at which rounding and truncation errors meet. */
function centralDifference({ f, xs }: Subject, input: number): Float64Array {
  const { k, at } = place(xs, input)
  const x = xs[k]
  const epsilon = x.dtype === 'float32' ? 2 ** -23 : 2 ** -52
  const elements = x.data
  const h = Math.cbrt(epsilon) * Math.max(1, Math.abs(elements[at]))
  const [above, below] = [h, -h].map((move) => {
    const moved = elements.slice()
    moved[at] += move
    const value = f(...xs.map((other, i) => (i === k ? fromArray(moved, x.shape, x.dtype) : other)))
    return { x: moved[at], y: value.data }
  })
  return Float64Array.from(above.y, (y, i) => (y - below.y[i]) / (above.x - below.x))
}

const flat = (parts: readonly Tensor[]): number[] => parts.flatMap((x) => Array.from(x.data))

/** In which of the tensors element i of them all lies. */
function place(xs: readonly Tensor[], i: number): { k: number; at: number } {
  let [k, at] = [0, i]
  while (at >= xs[k].size) at -= xs[k++].size
  return { k, at }
}

function unit(x: Tensor, i: number): Tensor {
  const out = zerosLike(x).data
  out[i] = 1
  return fromArray(out, x.shape, x.dtype)
}

function units(xs: readonly Tensor[], i: number): Tensor[] {
  const { k, at } = place(xs, i)
  return xs.map((x, j) => (j === k ? unit(x, at) : zerosLike(x)))
}
