/** Attention with several heads: the features are cut into parts, each of which attends on its own. */
import { ArgumentError, checkOptions, DTypeError, ShapeError } from '../errors/index.ts'
import { attentionWeights } from '../functional/attention.ts'
import { linear, matmul } from '../functional/products/index.ts'
import { mean } from '../functional/reductions/index.ts'
import { chunk, narrow, squeeze, transpose, unsqueeze } from '../functional/shape/index.ts'
import { isFloating } from '../ops/dtype.ts'
import { add, logicalNot, logicalOr, where } from '../ops/elementwise/index.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import type { DType, Shape } from '../ops/value.ts'
import { permute } from '../ops/view/permute.ts'
import { reshape } from '../ops/view/reshape.ts'
import { type Tensor, zeros } from '../tensor/index.ts'
import { xavierUniform_, zeros_ } from './init.ts'
import { Linear } from './linear.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import { requireFlags, requireProbability, requireSizes, settingsText } from './settings.ts'

export interface MultiheadAttentionOptions {
  readonly bias?: boolean
  /** The probability with which a weight is dropped in training; 0 unless given. */
  readonly dropout?: number
  /** Features of keys and of values, where they differ from those of queries. */
  readonly kdim?: number
  readonly vdim?: number
  /** Whether tensors are [n, length, features]; [length, n, features] unless given. */
  readonly batchFirst?: boolean
  readonly dtype?: DType
}

export interface AttentionCall {
  /** [n, S]: keys to ignore (true), or numbers added to their scores. */
  readonly keyPaddingMask?: Tensor | null
  /** [L, S] or [n · heads, L, S]: true where a query must not look, or numbers added to the scores. */
  readonly attnMask?: Tensor | null
  /** Whether the weights are returned; true unless given. */
  readonly needWeights?: boolean
  /** Whether the weights are the mean over heads, [n, L, S], or stand for each, [n, heads, L, S]. */
  readonly averageAttnWeights?: boolean
}

/**
 * Attention of queries to keys and values, in heads, between linear maps (Vaswani et al. 2017).
 * In masks true means "do not attend", as in PyTorch's module (and unlike its function).
 * @example new nn.MultiheadAttention(4, 2).forward(ones([3, 1, 4]), ones([5, 1, 4]), ones([5, 1, 4]))[1].shape // [1, 3, 5]
 */
export class MultiheadAttention extends Module {
  readonly embedDim: number
  readonly numHeads: number
  readonly dropout: number
  readonly batchFirst: boolean
  /** Query, key and value maps in one, [3 · features, features]; null where keys or values have other features. */
  inProjWeight: Parameter | null = null
  qProjWeight: Parameter | null = null
  kProjWeight: Parameter | null = null
  vProjWeight: Parameter | null = null
  inProjBias: Parameter | null = null
  outProj: Linear

  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super()
    checkOptions('MultiheadAttention', options, ['bias', 'dropout', 'kdim', 'vdim', 'batchFirst', 'dtype'])
    const { bias = true, dropout = 0, kdim = embedDim, vdim = embedDim, batchFirst = false, dtype } = options
    requireSizes('MultiheadAttention', { embedDim, numHeads, kdim, vdim })
    requireFlags('MultiheadAttention', { bias, batchFirst })
    requireProbability('MultiheadAttention', 'dropout', dropout)
    if (embedDim % numHeads !== 0)
      throw new ArgumentError(`MultiheadAttention: ${numHeads} heads do not divide ${embedDim} features`)
    this.embedDim = embedDim
    this.numHeads = numHeads
    this.dropout = dropout
    this.batchFirst = batchFirst
    const weight = (rows: number, columns: number) => new Parameter(xavierUniform_(zeros([rows, columns], { dtype })))
    if (kdim === embedDim && vdim === embedDim) this.inProjWeight = weight(3 * embedDim, embedDim)
    else {
      this.qProjWeight = weight(embedDim, embedDim)
      this.kProjWeight = weight(embedDim, kdim)
      this.vProjWeight = weight(embedDim, vdim)
    }
    if (bias) this.inProjBias = new Parameter(zeros([3 * embedDim], { dtype }))
    this.outProj = new Linear(embedDim, embedDim, { bias, dtype })
    if (this.outProj.bias) zeros_(this.outProj.bias)
  }

  /** [output, weights]: output of the form of query; weights are null unless needed. Without a batch all are [length, features]. */
  forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttentionCall = {},
  ): [output: Tensor, weights: Tensor | null] {
    checkOptions('MultiheadAttention', options, ['keyPaddingMask', 'attnMask', 'needWeights', 'averageAttnWeights'])
    this.#check(query, key, value)
    const single = query.ndim === 2
    const same = query === key && key === value
    const inner = (x: Tensor) => (single ? unsqueeze(x, 0) : this.batchFirst ? x : transpose(x, 0, 1))
    const [q, k, v] = this.#project(inner(query), same ? null : inner(key), same ? null : inner(value))
    const { attnMask, keyPaddingMask, needWeights = true, averageAttnWeights = true } = options
    const mask = allowed(
      attnMask,
      single && keyPaddingMask ? unsqueeze(keyPaddingMask, 0) : keyPaddingMask,
      q.shape,
      k.shape,
    )
    const p = this.training ? this.dropout : 0
    const weights = attentionWeights('MultiheadAttention', q, k, v, { mask, dropout: p })
    const heads = permute(matmul(weights, v), [0, 2, 1, 3])
    const y = this.outProj.forward(reshape(heads, [...heads.shape.slice(0, 2), this.embedDim]))
    const output = single ? squeeze(y, 0) : this.batchFirst ? y : transpose(y, 0, 1)
    if (!needWeights) return [output, null]
    const shown = averageAttnWeights ? mean(weights, 1) : weights
    return [output, single ? squeeze(shown, 0) : shown]
  }

  #check(query: Tensor, key: Tensor, value: Tensor): void {
    const shapes = [query, key, value].map((x) => shapeText(x.shape)).join(', ')
    if (query.ndim !== key.ndim || query.ndim !== value.ndim || (query.ndim !== 2 && query.ndim !== 3)) {
      throw new ShapeError(
        `MultiheadAttention: takes query, key and value with 3 dimensions each (or 2, without a batch), got ${shapes}`,
      )
    }
    const batch = this.batchFirst ? 0 : 1
    if (query.ndim === 3 && (query.shape[batch] !== key.shape[batch] || query.shape[batch] !== value.shape[batch])) {
      throw new ShapeError(`MultiheadAttention: batch sizes differ: ${shapes}; batchFirst is ${this.batchFirst}`)
    }
  }

  /** Query, key and value [n, heads, length, features / heads]; the query stands for all three where the others are null. */
  #project(query: Tensor, key: Tensor | null, value: Tensor | null): Tensor[] {
    const { inProjWeight: together, inProjBias: bias, embedDim } = this
    if (together && !key) return chunk(linear(query, together, bias), 3, -1).map((x) => this.#split(x))
    const part = (x: Parameter, i: number) => narrow(x, 0, i * embedDim, embedDim)
    const own = [this.qProjWeight, this.kProjWeight, this.vProjWeight]
    return [query, key ?? query, value ?? query].map((x, i) => {
      const weight = own[i] ?? part(together!, i)
      return this.#split(linear(x, weight, bias && part(bias, i)))
    })
  }

  #split(x: Tensor): Tensor {
    const [n, length] = x.shape
    return permute(reshape(x, [n, length, this.numHeads, this.embedDim / this.numHeads]), [0, 2, 1, 3])
  }

  override extraRepr(): string {
    const { embedDim, numHeads, dropout, batchFirst } = this
    return `${embedDim}, ${numHeads}, ${settingsText({ dropout, batchFirst })}`
  }
}

/** Both masks as one for scores [n, heads, L, S]: true where a query may look, or numbers to be added. */
function allowed(
  attention: Tensor | null | undefined,
  padding: Tensor | null | undefined,
  q: Shape,
  k: Shape,
): Tensor | null {
  const [n, heads, L] = q
  const S = k[2]
  const masks: Tensor[] = []
  if (attention) {
    const all = sameShape(attention.shape, [n * heads, L, S])
    if (!all && !sameShape(attention.shape, [L, S])) {
      throw new ShapeError(
        `MultiheadAttention: attnMask must be [${L}, ${S}] or [${n * heads}, ${L}, ${S}], got ${shapeText(attention.shape)}`,
      )
    }
    masks.push(all ? reshape(attention, [n, heads, L, S]) : attention)
  }
  if (padding) {
    if (!sameShape(padding.shape, [n, S]))
      throw new ShapeError(`MultiheadAttention: keyPaddingMask must be [${n}, ${S}], got ${shapeText(padding.shape)}`)
    masks.push(reshape(padding, [n, 1, 1, S]))
  }
  if (masks.some((m) => m.dtype === 'int32'))
    throw new DTypeError('MultiheadAttention: masks are bool or floating point, got int32; use mask.ne(0)')
  if (masks.length === 0) return null
  if (masks.every((m) => m.dtype === 'bool')) return logicalNot(masks.reduce((a, b) => logicalOr(a, b)))
  return masks.map((m) => (isFloating(m.dtype) ? m : where(m, -Infinity, 0))).reduce((a, b) => add(a, b))
}
