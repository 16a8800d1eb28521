/**
 * Variance and standard deviation. Elements are first taken relative to the largest one, which changes neither: then a
 * constant row has deviations of exactly 0, where the rounding of its mean would make them noise of a direction that
 * the standard deviation turns into a gradient of size 1.
 */

import { ArgumentError } from '../../errors/index.ts'
import { requireNumber } from '../../ops/arguments.ts'
import { div, eq, isinf, sqrt, square, sub, where } from '../../ops/elementwise/index.ts'
import { peak, sum } from '../../ops/reduce/index.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { countOf, type Dims, dimAndOptions, type KeepdimOptions, requireFloat, type WithDim } from './options.ts'

export interface VarianceOptions extends KeepdimOptions {
  /** What is subtracted from the number of elements to divide by: 1 for an unbiased estimate (the default), 0 for the mean square. */
  readonly correction?: number
}

/**
 * Σ (x - mean)² / (n - correction) over the dimensions `dim` (all unless given).
 * @throws DTypeError for integers and flags.
 * @example variance(tensor([1, 2, 3, 4]), 0, { correction: 0 }) // 1.25
 */
export const variance = composite(
  'variance',
  (x: Tensor, dim?: Dims | WithDim<VarianceOptions>, options?: VarianceOptions): Tensor =>
    spread('variance', x, dim, options),
)

/**
 * √(Σ (x - mean)² / (n - correction)) over the dimensions `dim` (all unless given). The gradient of a constant row is 0.
 * @throws DTypeError for integers and flags.
 * @example std(tensor([1, 2, 3, 4])) // 1.291
 */
export const std = composite(
  'std',
  (x: Tensor, dim?: Dims | WithDim<VarianceOptions>, options?: VarianceOptions): Tensor => {
    const v = spread('std', x, dim, options)
    // Both choices are needed: the slope of √ at 0 is infinite, and 0 · ∞ would be NaN.
    const flat = eq(v, 0)
    return where(flat, 0, sqrt(where(flat, 1, v)))
  },
)

function spread(name: string, x: Tensor, dim?: Dims | WithDim<VarianceOptions>, options?: VarianceOptions): Tensor {
  requireFloat(name, x)
  if (typeof options === 'boolean') {
    const same = `{ correction: ${Number(options)} }`
    throw new ArgumentError(
      `${name}: options come last as one object; what PyTorch calls unbiased=${options} is ${same}`,
    )
  }
  const [axes, { correction = 1, keepdim }] = dimAndOptions(name, dim, options, ['correction', 'keepdim'])
  requireNumber(name, 'correction', correction)
  const n = countOf(name, x, axes)
  const deviation = n === 0 ? x : deviations(x, axes, n)
  return div(sum(square(deviation), axes, { keepdim }), Math.max(0, n - correction))
}

function deviations(x: Tensor, dim: Dims | undefined, n: number): Tensor {
  const top = peak(x, dim, { keepdim: true })
  const relative = sub(x, where(isinf(top), 0, top))
  return sub(relative, div(sum(relative, dim, { keepdim: true }), n))
}
