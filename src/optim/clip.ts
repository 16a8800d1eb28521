/** Bounding gradients between `backward` and `step`. */

import { toDense } from '../backends/js/layout.ts'
import { ArgumentError, checkOptions, GradError } from '../errors/index.ts'
import { allocate, promote } from '../ops/dtype.ts'
import { SCALAR, shapeText } from '../ops/shape.ts'
import type { TypedArray } from '../ops/value.ts'
import { fromArray, Tensor } from '../tensor/index.ts'
import { nonNegative } from './check.ts'
import { editInPlace } from './elements.ts'

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
 * @throws ArgumentError where an argument is out of range, GradError with `errorIfNonfinite`.
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
  const norm = normOf(grads.map(toDense), normType)
  if (errorIfNonfinite && !Number.isFinite(norm)) {
    throw new GradError(
      `clipGradNorm: the norm of the gradients is ${norm}; find the cause with detectAnomaly(() => ...)`,
    )
  }
  const scale = maxNorm / (norm + 1e-6)
  if (!(scale >= 1)) {
    for (const g of grads) {
      editInPlace(g, 'clipGradNorm', (data) => {
        for (let i = 0; i < data.length; i++) data[i] *= scale
      })
    }
  }
  const dtype = grads.length > 0 ? promote(grads) : 'float32'
  const result = allocate(dtype, 1)
  result[0] = norm
  return fromArray(result, SCALAR, dtype)
}

/**
 * Limits every element of every gradient to [-clip, clip]; NaN stays.
 * @throws ArgumentError where `clip` is negative or not finite.
 * @example const w = tensor([3, -0.2], { requiresGrad: true }); w.square().sum().div(2).backward(); optim.clipGradValue([w], 1); w.grad // [1, -0.2]
 */
export function clipGradValue(params: Tensor | Iterable<Tensor>, clip: number): void {
  nonNegative('clipGradValue', 'clip', clip)
  for (const g of gradsOf('clipGradValue', params)) {
    editInPlace(g, 'clipGradValue', (data) => {
      for (let i = 0; i < data.length; i++) data[i] = Math.min(Math.max(data[i], -clip), clip)
    })
  }
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
