/**
 * The function under the check, as a function of numbers: it is run on the real inputs, whose elements are moved in
 * their buffers and put back. Thus a function may close over what it is checked for, as a model does over its weights.
 */
import { isFloating } from '../ops/dtype.ts'
import { contiguousStrides } from '../ops/shape.ts'
import type { Tensor } from '../tensor/index.ts'
import { gradients } from './backward.ts'
import type { Tolerance } from './check-gradients-judge.ts'

/** The results of one run with some elements of an input moved. */
export interface Sample {
  readonly values: Float64Array
  /** How far each of them was really moved: what is left of the step after rounding. */
  readonly moved: Float64Array
}

export class Program {
  readonly inputs: readonly Tensor[]
  /** All floating point results of one run, recorded. */
  readonly run: () => Tensor[]
  readonly outputName: (k: number) => string
  /** Runs for numeric differences. */
  evaluations = 0

  constructor(inputs: readonly Tensor[], run: () => Tensor[], outputName = (k: number) => `output ${k}`) {
    this.inputs = inputs
    this.run = run
    this.outputName = outputName
  }

  /** The results with the elements at `places` of the buffer moved by `step` times the direction. */
  moved(x: Tensor, places: ArrayLike<number>, direction: ArrayLike<number>, step: number): Sample {
    const { buffer } = x
    const n = places.length
    const before = Float64Array.from({ length: n }, (_, i) => buffer[places[i]])
    const moved = new Float64Array(n)
    this.evaluations++
    try {
      for (let i = 0; i < n; i++) {
        buffer[places[i]] = before[i] + step * direction[i]
        moved[i] = buffer[places[i]] - before[i]
      }
      return { values: join(this.run()), moved }
    } finally {
      for (let i = 0; i < n; i++) buffer[places[i]] = before[i]
    }
  }
}

/** The elements of all tensors, one after the other. */
export function join(tensors: readonly Tensor[]): Float64Array {
  const out = new Float64Array(tensors.reduce((n, x) => n + x.size, 0))
  let at = 0
  for (const x of tensors) {
    out.set(x.data, at)
    at += x.size
  }
  return out
}

/** Where the elements lie in the buffer, in row-major order. */
export function placesOf(x: Tensor): Int32Array {
  const dense = contiguousStrides(x.shape)
  return Int32Array.from({ length: x.size }, (_, i) =>
    x.strides.reduce((at, stride, d) => at + (Math.floor(i / dense[d]) % x.shape[d]) * stride, x.offset),
  )
}

export const indexOf = (x: Tensor, i: number): number[] =>
  contiguousStrides(x.shape).map((stride, d) => Math.floor(i / stride) % x.shape[d])

/** Cotangents of the inputs, zeros where nothing arrives, for one cotangent per output; null stands for zero. */
export function pull(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  seeds: readonly (Tensor | null)[],
): Float64Array[] {
  const reached = outputs.flatMap((y, i) => (y.requiresGrad && seeds[i] ? [{ y, seed: seeds[i] }] : []))
  if (reached.length === 0) return inputs.map((x) => new Float64Array(x.size))
  const found = gradients(
    reached.map(({ y }) => y),
    inputs,
    { gradOutputs: reached.map(({ seed }) => seed), retainGraph: true, allowUnused: true },
  )
  return found.map((g, i) => (g ? Float64Array.from(g.data) : new Float64Array(inputs[i].size)))
}

/** What numeric differences in a dtype can be asked for. */
export interface Precision {
  /** The step for elements up to 1; a part of larger ones. */
  readonly eps: number
  readonly tolerance: Tolerance
  /** The distance from 1 to the next number. */
  readonly ulp: number
  /** Below this, numbers have fewer digits. */
  readonly tiny: number
  /**
   * By how much the slopes to both sides may differ before the function is looked at more closely. A smooth one makes a
   * difference of eps times its curvature, whatever is asked of its gradient.
   */
  readonly jump: Tolerance
}

/**
 * A central difference has an error of eps² from the curvature and of ulp / eps from rounding, which is estimated apart.
 * Float32 knows 7 digits, so that its step is larger: both errors are about 1e-5 of a function that varies as sin does.
 */
const precisions = {
  float64: { eps: 1e-6, rtol: 1e-3, atol: 1e-7, bend: 1e-3, flat: 1e-5, ulp: 2 ** -52, tiny: 2 ** -1022 },
  float32: { eps: 2 ** -6, rtol: 1e-3, atol: 1e-5, bend: 0.05, flat: 0.01, ulp: 2 ** -23, tiny: 2 ** -126 },
}

/** By the coarsest dtype on the way from an input to the outputs. */
export function precisionOf(tensors: readonly Tensor[], given: Given): Precision {
  const coarse = tensors.some((x) => isFloating(x.dtype) && x.dtype !== 'float64')
  const { eps, rtol, atol, bend, flat, ulp, tiny } = precisions[coarse ? 'float32' : 'float64']
  const relative = given.rtol ?? rtol
  const absolute = given.atol ?? 0
  const tolerance = { relative, absolute, ofScale: given.atol === undefined ? atol : 0 }
  const jump = { relative: Math.max(relative, bend), absolute, ofScale: flat }
  return { eps: given.eps ?? eps, tolerance, ulp, tiny, jump }
}

/** What the caller asked for instead. */
export interface Given {
  readonly eps?: number
  readonly atol?: number
  readonly rtol?: number
}
