/** Bounding gradients between `backward` and `step`. */

import { toDense } from '../backends/js/layout.ts'
import { ArgumentError, checkOptions, GradError } from '../errors/index.ts'
import { promote } from '../ops/dtype.ts'
import {
  abs,
  add,
  castTo,
  div,
  gt,
  logicalAnd,
  lt,
  maximum,
  minimum,
  mul,
  pow,
  sqrt,
  square,
  where,
} from '../ops/elementwise/index.ts'
import { amax } from '../ops/reduce/amax.ts'
import { sum } from '../ops/reduce/sum.ts'
import { SCALAR, shapeText } from '../ops/shape.ts'
import type { TypedArray } from '../ops/value.ts'
import * as s from '../scalar/index.ts'
import { full, Tensor, tracing, update, updateRule, withoutRecording } from '../tensor/index.ts'
import { nonNegative, refuseTracing } from './check.ts'

export interface ClipGradNormOptions {
  /** p of the norm, above 0; Infinity for the largest magnitude. 2 unless given. */
  readonly normType?: number
  /** Throw, with nothing changed, where the norm is NaN or infinite. */
  readonly errorIfNonfinite?: boolean
}

/**
 * Scales all gradients by min(1, maxNorm / (norm + 1e-6)), where norm is that of all their elements together.
 * @param params tensors; those without a gradient are passed over.
 * @returns the norm before, a tensor without dimensions, as PyTorch does: `.item()` for the number.
 * @throws ArgumentError where an argument is out of range, GradError with `errorIfNonfinite`, which inside of a compiled
 *   function is a CompileError.
 * @example const w = tensor([3, 4], { requiresGrad: true }); w.square().sum().div(2).backward(); optim.clipGradNorm([w], 1); w.grad // [0.6, 0.8]
 */
export function clipGradNorm(
  params: Tensor | Iterable<Tensor>,
  maxNorm: number,
  options: ClipGradNormOptions = {},
): Tensor {
  checkOptions('clipGradNorm', options, ['normType', 'errorIfNonfinite'])
  const { normType = 2, errorIfNonfinite = false } = options
  nonNegative('clipGradNorm', 'maxNorm', maxNorm)
  if (!(normType > 0)) throw new ArgumentError(`clipGradNorm: normType must be above 0, got ${normType}`)
  const grads = gradsOf('clipGradNorm', params)
  const { tracer } = tracing
  if (errorIfNonfinite)
    refuseTracing('clipGradNorm', 'the norm, for errorIfNonfinite', 'return the norm and look at it outside')
  const norm = tracer ? tracedNorm(grads, normType) : normOf(grads.map(toDense), normType)
  if (errorIfNonfinite && !Number.isFinite(norm)) {
    throw new GradError(
      `clipGradNorm: the norm of the gradients is ${norm}; find the cause with detectAnomaly(() => ...)`,
    )
  }
  const dtype = grads.length > 0 ? promote(grads) : 'float32'
  if (norm instanceof Tensor) {
    const factor = withoutRecording(() => minimum(div(maxNorm, add(norm, 1e-6)), 1))
    for (const g of grads) update('clipGradNorm', scaled, [g], [], [factor])
    return withoutRecording(() => castTo(norm, dtype))
  }
  const factor = maxNorm / (norm + 1e-6)
  if (!(factor >= 1)) for (const g of grads) update('clipGradNorm', scaled, [g], [], [factor])
  return full(SCALAR, norm, { dtype })
}

const scaled = updateRule({
  name: 'clipGradNorm',
  targets: ['g'],
  reads: [],
  scalars: ['factor'],
  formulas: [s.mul(s.arg('g'), s.arg('factor'))],
})

const limited = updateRule({
  name: 'clipGradValue',
  targets: ['g'],
  reads: [],
  scalars: ['clip'],
  formulas: [s.min(s.max(s.arg('g'), s.neg(s.arg('clip'))), s.arg('clip'))],
})

/**
 * Limits every element of every gradient to [-clip, clip]; NaN stays.
 * @throws ArgumentError where `clip` is negative or not finite.
 * @example const w = tensor([3, -0.2], { requiresGrad: true }); w.square().sum().div(2).backward(); optim.clipGradValue([w], 1); w.grad // [1, -0.2]
 */
export function clipGradValue(params: Tensor | Iterable<Tensor>, clip: number): void {
  nonNegative('clipGradValue', 'clip', clip)
  for (const g of gradsOf('clipGradValue', params)) update('clipGradValue', limited, [g], [], [clip])
}

function gradsOf(name: string, params: Tensor | Iterable<Tensor>): Tensor[] {
  const list = params instanceof Tensor ? [params] : [...params]
  const grads = new Set<Tensor>()
  list.forEach((x, i) => {
    if (!(x instanceof Tensor)) throw new ArgumentError(`${name}: parameter ${i} is not a tensor`)
    if (x.grad?.box)
      throw new GradError(
        `${name}: the gradient ${shapeText(x.shape)} belongs to a running transform; clip outside of it`,
      )
    if (x.grad) grads.add(x.grad)
  })
  return [...grads]
}

/** (Σ |g|^p)^(1/p). Where the powers overflow or vanish, they are taken relative to the largest element. */
function normOf(arrays: readonly TypedArray[], p: number): number {
  if (p === Infinity) return largestOf(arrays)
  const plain = powers(arrays, p, 1)
  if (plain < Infinity && plain > 1e-290) return plain ** (1 / p)
  const unit = largestOf(arrays)
  return unit > 0 && unit < Infinity ? unit * powers(arrays, p, unit) ** (1 / p) : unit
}

/**
 * As `normOf`, by ops: sums in float64, as there. Squares of float32 neither overflow nor vanish in float64; all else is
 * taken relative to the largest element.
 */
function tracedNorm(grads: readonly Tensor[], p: number): Tensor {
  return withoutRecording(() => {
    const wide = grads.filter((g) => g.size > 0).map((g) => castTo(g, 'float64'))
    const join = (values: Tensor[], by: (a: Tensor, b: Tensor) => Tensor) =>
      values.length === 0 ? full(SCALAR, 0, { dtype: 'float64' }) : values.reduce((a, b) => by(a, b))
    if (p === 2 && grads.every((g) => g.dtype === 'float32'))
      return sqrt(
        join(
          wide.map((g) => sum(square(g))),
          add,
        ),
      )
    const unit = join(
      wide.map((g) => amax(abs(g))),
      maximum,
    )
    if (p === Infinity) return unit
    // Of 0, of infinity and of NaN the norm is that itself.
    const usable = logicalAnd(gt(unit, 0), lt(unit, Infinity))
    const divisor = where(usable, unit, 1)
    const total = join(
      wide.map((g) => sum(pow(abs(div(g, divisor)), p))),
      add,
    )
    return where(usable, mul(unit, pow(total, 1 / p)), unit)
  })
}

function powers(arrays: readonly TypedArray[], p: number, unit: number): number {
  let sum = 0
  for (const a of arrays) {
    if (p === 2) for (let i = 0; i < a.length; i++) sum += (a[i] / unit) * (a[i] / unit)
    else for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] / unit) ** p
  }
  return sum
}

/** NaN if there is one. */
function largestOf(arrays: readonly TypedArray[]): number {
  let most = 0
  for (const a of arrays) for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]))
  return most
}
