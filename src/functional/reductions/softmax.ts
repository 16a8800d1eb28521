/**
 * The log-sum-exp and what is made of it. eˣ overflows where eˣ⁻ᵐ with m the largest element does not:
 * log Σ eˣ = m + log Σ eˣ⁻ᵐ, eˣ / Σ eˣ = eˣ⁻ᵐ / Σ eˣ⁻ᵐ. Neither depends on m, a constant.
 */
import { flag } from '../../ops/arguments.ts'
import { add, div, exp, isinf, log, sub, where } from '../../ops/elementwise/index.ts'
import { peak, sum } from '../../ops/reduce/index.ts'
import { normalizeAxis } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/reshape.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { requireTensor } from '../shape/operand.ts'
import { countOf, type Dims, dimAndOptions, type KeepdimOptions, type WithDim } from './options.ts'

/**
 * log Σ eˣ over the dimensions `dim` (all unless given), without overflow; -Infinity where every element is or where
 * there is none.
 * @example logsumexp(tensor([1000, 1000])) // 1000.6932
 */
export const logsumexp = composite(
  'logsumexp',
  (x: Tensor, dim?: Dims | WithDim<KeepdimOptions>, options?: KeepdimOptions): Tensor => {
    requireTensor('logsumexp', x)
    const [axes, given] = dimAndOptions('logsumexp', dim, options, ['keepdim'])
    const keepdim = flag('logsumexp', 'keepdim', given.keepdim)
    if (countOf('logsumexp', x, axes) === 0) return log(sum(exp(x), axes, { keepdim }))
    const top = peak(x, axes, { keepdim: true })
    // An infinite m would make ∞ - ∞ of what is exact without it.
    const m = where(isinf(top), 0, top)
    const total = sum(exp(sub(x, m)), axes, { keepdim })
    return add(log(total), reshape(m, total.shape))
  },
)

/**
 * eˣ / Σ eˣ along dim; NaN along a row that is all -Infinity, as there is nothing to choose from.
 * @example softmax(tensor([0, 0])) // [0.5, 0.5]
 */
export const softmax = composite('softmax', (x: Tensor, dim = -1): Tensor => {
  requireTensor('softmax', x)
  const axis = normalizeAxis('softmax', dim, x.shape.length)
  if (x.shape[axis] === 0) return exp(x)
  const e = exp(sub(x, peak(x, axis, { keepdim: true })))
  return div(e, sum(e, axis, { keepdim: true }))
})

/**
 * log softmax, x - log Σ eˣ along dim, exact where the softmax itself rounds to 0.
 * @example logSoftmax(tensor([0, 1000])) // [-1000, 0]
 */
export const logSoftmax = composite('logSoftmax', (x: Tensor, dim = -1): Tensor => {
  requireTensor('logSoftmax', x)
  const axis = normalizeAxis('logSoftmax', dim, x.shape.length)
  if (x.shape[axis] === 0) return exp(x)
  const relative = sub(x, peak(x, axis, { keepdim: true }))
  return sub(relative, log(sum(exp(relative), axis, { keepdim: true })))
})
