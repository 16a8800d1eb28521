/** A learnt table of vectors, and dropout. */
import { checkOptions } from '../errors/index.ts'
import { dropout } from '../functional/dropout.ts'
import { embedding, rowOf } from '../functional/embedding.ts'
import { select } from '../functional/shape/index.ts'
import type { DType } from '../ops/value.ts'
import { assign, randn, type Tensor } from '../tensor/index.ts'
import { Module } from './module.ts'
import { Parameter } from './parameter.ts'
import { requireProbability, requireSizes, settings, settingsText } from './settings.ts'

export interface EmbeddingLayerOptions {
  /** A token whose row starts at 0 and stays there; may count from the end. */
  readonly paddingIdx?: number | null
  readonly dtype?: DType
}

/**
 * Rows of a table by int32 tokens: [...] to [..., features].
 * @example new nn.Embedding(5, 3).forward(tensor([[0, 4]], { dtype: 'int32' })).shape // [1, 2, 3]
 */
export class Embedding extends Module {
  readonly numEmbeddings: number
  readonly embeddingDim: number
  readonly paddingIdx: number | null
  weight: Parameter

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingLayerOptions = {}) {
    super()
    checkOptions('Embedding', options, ['paddingIdx', 'dtype'])
    requireSizes('Embedding', { numEmbeddings, embeddingDim })
    this.numEmbeddings = numEmbeddings
    this.embeddingDim = embeddingDim
    this.paddingIdx = rowOf(options.paddingIdx, numEmbeddings)
    const start = randn([numEmbeddings, embeddingDim], { dtype: options.dtype })
    if (this.paddingIdx !== null) assign(select(start, 0, this.paddingIdx), 0)
    this.weight = new Parameter(start)
  }

  forward(tokens: Tensor): Tensor {
    return embedding(tokens, this.weight, { paddingIdx: this.paddingIdx })
  }

  override extraRepr(): string {
    const { numEmbeddings, embeddingDim, paddingIdx } = this
    return `${numEmbeddings}, ${embeddingDim}${paddingIdx === null ? '' : `, ${settingsText({ paddingIdx })}`}`
  }
}

/** In training every element is 0 with probability p and x / (1 - p) otherwise; in evaluation x. */
export class Dropout extends Module {
  readonly p: number

  constructor(p: number | { readonly p?: number } = {}) {
    super()
    this.p = settings('Dropout', [p], { p: 0.5 }).p
    requireProbability('Dropout', 'p', this.p)
  }

  forward(x: Tensor): Tensor {
    return dropout(x, this.p, { training: this.training })
  }

  override extraRepr(): string {
    return settingsText({ p: this.p })
  }
}
