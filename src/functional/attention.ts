/** Attention: every query takes a mean of the values, weighted by how well their keys answer it (Vaswani et al. 2017). */
import { ArgumentError, checkOptions, DTypeError, ShapeError } from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import { add, mul, where } from '../ops/elementwise/index.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import { composite, ones, type Tensor } from '../tensor/index.ts'
import { dropout } from './dropout.ts'
import { matmul } from './products/index.ts'
import { softmax } from './reductions/index.ts'
import { transpose, tril } from './shape/index.ts'
import { requireTensor } from './shape/operand.ts'

export interface AttentionOptions {
  /** bool [..., L, S], true where a query may look; or numbers that are added to the scores. */
  readonly mask?: Tensor | null
  /** Query i looks at keys 0 to i only. */
  readonly isCausal?: boolean
  /** The probability with which a weight is dropped; 0 unless given. */
  readonly dropout?: number
  /** What q · k is multiplied with; 1 / sqrt(features) unless given. */
  readonly scale?: number
}

/**
 * softmax(q kᵀ / sqrt(d)) v.
 * A query that may look nowhere gets NaN, as in PyTorch.
 * @param q [..., L, d]; k is [..., S, d] and v [..., S, e]. Leading dimensions broadcast.
 * @returns [..., L, e].
 * @throws ShapeError where the shapes do not fit, ArgumentError for both a mask and isCausal.
 * @example scaledDotProductAttention(tensor([[0, 0]]), tensor([[1, 2], [3, 4]]), tensor([[1], [3]])) // [[2]]
 */
export const scaledDotProductAttention = composite(
  'scaledDotProductAttention',
  (q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor => {
    checkOptions('scaledDotProductAttention', options, ['mask', 'isCausal', 'dropout', 'scale'])
    return matmul(attentionWeights('scaledDotProductAttention', q, k, v, options), v)
  },
)

/** softmax(q kᵀ / sqrt(d)), [..., L, S]. */
export function attentionWeights(name: string, q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions): Tensor {
  const { mask, isCausal = false, dropout: p = 0, scale } = options
  checkOperands(name, q, k, v)
  if (mask && isCausal) throw new ArgumentError(`${name}: give either a mask or isCausal; combine them in the mask`)
  const scores = mul(matmul(q, transpose(k, -2, -1)), scale ?? 1 / Math.sqrt(q.shape.at(-1)!))
  const allowed = isCausal ? tril(ones([q.shape.at(-2)!, k.shape.at(-2)!], { dtype: 'bool' })) : mask
  return dropout(softmax(allowed ? masked(name, scores, allowed) : scores, -1), p)
}

function checkOperands(name: string, q: Tensor, k: Tensor, v: Tensor): void {
  for (const [x, what] of [
    [q, 'the query'],
    [k, 'the key'],
    [v, 'the value'],
  ] as const) {
    requireTensor(name, x, what)
    if (x.ndim < 2) throw new ShapeError(`${name}: ${what} is [..., length, features], got ${shapeText(x.shape)}`)
  }
  if (q.shape.at(-1) !== k.shape.at(-1)) {
    throw new ShapeError(
      `${name}: query ${shapeText(q.shape)} and key ${shapeText(k.shape)} must have equally many features`,
    )
  }
  if (k.shape.at(-2) !== v.shape.at(-2)) {
    throw new ShapeError(`${name}: key ${shapeText(k.shape)} and value ${shapeText(v.shape)} must be equally long`)
  }
}

function masked(name: string, scores: Tensor, mask: Tensor): Tensor {
  if (mask.dtype === 'int32')
    throw new DTypeError(`${name}: a mask is bool or floating point, got int32; use mask.ne(0)`)
  // Added rather than chosen: the mask is small and has no derivative, and the cotangent of the scores passes as it is.
  const result = add(scores, isFloating(mask.dtype) ? mask : where(mask, 0, -Infinity))
  if (sameShape(result.shape, scores.shape)) return result
  throw new ShapeError(
    `${name}: a mask ${shapeText(mask.shape)} does not broadcast to the scores ${shapeText(scores.shape)}`,
  )
}
