/** Dropout: noise that a network must learn to do without. */
import { ArgumentError, checkOptions } from '../errors/index.ts'
import { requireFloating } from '../ops/dtype.ts'
import { castTo, ge, mul, zero } from '../ops/elementwise/index.ts'
import { composite, type Generator, rand, type Tensor } from '../tensor/index.ts'
import { requireTensor } from './shape/operand.ts'

export interface DropoutOptions {
  /** Whether to drop anything at all; true unless given. */
  readonly training?: boolean
  /** Where the random numbers come from; the generator that `manualSeed` sets unless given. */
  readonly generator?: Generator
}

/**
 * Every element is 0 with probability p and x / (1 - p) otherwise, so that its expectation is x (Srivastava et al. 2014).
 * @throws ArgumentError where p is no probability.
 * @example dropout(tensor([1, 2]), 0.5, { training: false }) // [1, 2]
 */
export const dropout = composite('dropout', (x: Tensor, p: number = 0.5, options: DropoutOptions = {}): Tensor => {
  checkOptions('dropout', options, ['training', 'generator'])
  const { training = true, generator } = options
  requireTensor('dropout', x)
  if (!(p >= 0 && p <= 1)) throw new ArgumentError(`dropout: p must lie in [0, 1], got ${String(p)}`)
  if (!training || p === 0) return x
  requireFloating('dropout', x.dtype)
  if (p === 1) return zero(x)
  const kept = castTo(ge(rand(x.shape, { dtype: x.dtype, generator }), p), x.dtype)
  return mul(x, mul(kept, 1 / (1 - p)))
})
