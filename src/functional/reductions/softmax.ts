/**
 * The log-sum-exp and what is made of it. eˣ overflows where eˣ⁻ᵐ with m the largest element does not:
 * log Σ eˣ = m + log Σ eˣ⁻ᵐ, eˣ / Σ eˣ = eˣ⁻ᵐ / Σ eˣ⁻ᵐ. Neither depends on m, a constant.
 */
import { add, div, exp, isinf, log, sub, where } from '../../ops/elementwise/index.ts'
import { peak, sum } from '../../ops/reduce/index.ts'
import { reshape } from '../../ops/view/reshape.ts'
import type { Tensor } from '../../tensor/index.ts'
import { countOf, type Dims, dimAndOptions, type KeepdimOptions } from './options.ts'

/**
 * log Σ eˣ over the dimensions `dim` (all unless given), without overflow; -Infinity where every element is or where
 * there is none.
 * @example logsumexp(tensor([1000, 1000])) // 1000.6932
 */
export function logsumexp(x: Tensor, dim?: Dims | KeepdimOptions, options?: KeepdimOptions): Tensor {
  const [axes, { keepdim = false }] = dimAndOptions('logsumexp', dim, options, ['keepdim'])
  if (countOf('logsumexp', x, axes) === 0) return log(sum(exp(x), axes, { keepdim }))
  const top = peak(x, axes, { keepdim: true })
  // An infinite m would make ∞ - ∞ of what is exact without it.
  const m = where(isinf(top), 0, top)
  const s = sum(exp(sub(x, m)), axes, { keepdim })
  return add(log(s), reshape(m, s.shape))
}

/**
 * eˣ / Σ eˣ along dim; NaN along a row that is all -Infinity, as there is nothing to choose from.
 * @example softmax(tensor([0, 0])) // [0.5, 0.5]
 */
export function softmax(x: Tensor, dim = -1): Tensor {
  if (countOf('softmax', x, dim) === 0) return exp(x)
  const e = exp(sub(x, peak(x, dim, { keepdim: true })))
  return div(e, sum(e, dim, { keepdim: true }))
}

/**
 * log softmax, x - log Σ eˣ along dim, exact where the softmax itself rounds to 0.
 * @example logSoftmax(tensor([0, 1000])) // [-1000, 0]
 */
export function logSoftmax(x: Tensor, dim = -1): Tensor {
  if (countOf('logSoftmax', x, dim) === 0) return exp(x)
  const relative = sub(x, peak(x, dim, { keepdim: true }))
  return sub(relative, log(sum(exp(relative), dim, { keepdim: true })))
}
