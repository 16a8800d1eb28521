/**
 * The p-norm. It is homogeneous, |x| = m |x/m|, so that elements are divided by the largest one before they are raised
 * to a power: nothing overflows or vanishes on the way. m is a constant, since the result does not depend on it.
 */
import { IndexError, ShapeError } from '../../errors/index.ts'
import { flag, requireNumber } from '../../ops/arguments.ts'
import {
  abs,
  div,
  eq,
  isinf,
  isnan,
  logicalOr,
  mul,
  ne,
  pow,
  sqrt,
  square,
  where,
  zero,
} from '../../ops/elementwise/index.ts'
import { amax, amin, peak, sum } from '../../ops/reduce/index.ts'
import { shapeText } from '../../ops/shape.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { countOf, type Dims, dimAndOptions, type KeepdimOptions, requireFloat, type WithDim } from './options.ts'

export interface NormOptions extends KeepdimOptions {
  /** The order of the norm, 2 unless given; 0 counts what is not 0, Infinity takes the largest, -Infinity the smallest. */
  readonly p?: number
}

/**
 * (Σ |x|^p)^(1/p) over the dimensions `dim` (all unless given), taken as one vector. The gradient at the zero vector
 * is 0.
 * @throws DTypeError for integers and flags, ArgumentError where p is not a number.
 * @example norm(tensor([3, -4])) // 5
 */
export const norm = composite('norm', (x: Tensor, dim?: Dims | WithDim<NormOptions>, options?: NormOptions): Tensor => {
  requireFloat('norm', x)
  const [axes, given] = dimAndOptions('norm', dim, options, ['p', 'keepdim'])
  const { p = 2 } = given
  requireNumber('norm', 'p', p)
  const keepdim = flag('norm', 'keepdim', given.keepdim)
  const over = { keepdim }
  const count = countNormed(x, axes)
  if (p === 0) return sum(where(ne(x, 0), 1, zero(x)), axes, over)
  if (p === 1) return sum(abs(x), axes, over)
  if (count === 0 && Math.abs(p) === Infinity)
    throw new ShapeError(`norm: there is nothing to choose from in ${shapeText(x.shape)} for p = ${p}`)
  if (p === Infinity) return amax(abs(x), axes, over)
  if (p === -Infinity) return amin(abs(x), axes, over)
  if (count === 0) return sum(x, axes, over)
  return powerNorm(x, axes, p, keepdim)
})

/** PyTorch's first argument is p; here, as in all reductions, it is dim, and the error says so. */
function countNormed(x: Tensor, dim: Dims | undefined): number {
  try {
    return countOf('norm', x, dim)
  } catch (error) {
    if (!(error instanceof IndexError)) throw error
    throw new IndexError(`${error.message}; the order of the norm is an option: { p: 1 }`)
  }
}

function powerNorm(x: Tensor, dim: Dims | undefined, p: number, keepdim: boolean): Tensor {
  const size = abs(x)
  const unit = unitOf(peak(size, dim, { keepdim: true }))
  const scaled = div(p === 2 ? x : size, unit)
  const s = sum(p === 2 ? square(scaled) : powers(scaled, p), dim, { keepdim })
  const m = keepdim ? unit : sum(unit, dim)
  // Both choices are needed: the slope of a root at 0 is infinite, and 0 · ∞ would be NaN.
  const none = eq(s, 0)
  const safe = where(none, 1, s)
  return mul(m, where(none, p < 0 ? Infinity : 0, p === 2 ? sqrt(safe) : pow(safe, 1 / p)))
}

/** The largest element where it is a divisor, else 1. */
function unitOf(top: Tensor): Tensor {
  return where(logicalOr(eq(top, 0), logicalOr(isinf(top), isnan(top))), 1, top)
}

/** |x|^p with slope 0 at 0, where that of x^p may be infinite. */
function powers(size: Tensor, p: number): Tensor {
  const none = eq(size, 0)
  return where(none, p < 0 ? Infinity : 0, pow(where(none, 1, size), p))
}
