/** One layer of a transformer's encoder: attention, then a network per position, each added to what it was given. */
import { ArgumentError, checkOptions } from '../errors/index.ts'
import { add, gelu, relu } from '../ops/elementwise/index.ts'
import type { DType } from '../ops/value.ts'
import type { Tensor } from '../tensor/index.ts'
import { MultiheadAttention } from './attention.ts'
import { Dropout } from './embedding.ts'
import { Linear } from './linear.ts'
import { Module } from './module.ts'
import { LayerNorm } from './normalization.ts'
import { requireFlags, requireSizes, shown } from './settings.ts'

export interface TransformerEncoderLayerOptions {
  /** Features between the two linear maps; 2048 unless given. */
  readonly dimFeedforward?: number
  /** 0.1 unless given. */
  readonly dropout?: number
  /** 'relu' unless given. */
  readonly activation?: 'relu' | 'gelu' | ((x: Tensor) => Tensor)
  readonly layerNormEps?: number
  readonly batchFirst?: boolean
  /** Whether normalisation comes before attention and network, not after the additions. */
  readonly normFirst?: boolean
  readonly bias?: boolean
  readonly dtype?: DType
}

export interface EncoderCall {
  /** As `attnMask` of MultiheadAttention: true means "do not attend". */
  readonly srcMask?: Tensor | null
  readonly srcKeyPaddingMask?: Tensor | null
}

const activations = { relu, gelu: (x: Tensor) => gelu(x) }

/**
 * LayerNorm(x + attention(x)), then LayerNorm(x + network(x)) (Vaswani et al. 2017).
 * @example new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 8 }).forward(ones([3, 1, 4])).shape // [3, 1, 4]
 */
export class TransformerEncoderLayer extends Module {
  readonly normFirst: boolean
  readonly activation: (x: Tensor) => Tensor
  selfAttn: MultiheadAttention
  linear1: Linear
  dropout: Dropout
  linear2: Linear
  norm1: LayerNorm
  norm2: LayerNorm
  dropout1: Dropout
  dropout2: Dropout

  constructor(dModel: number, numHeads: number, options: TransformerEncoderLayerOptions = {}) {
    super()
    const name = 'TransformerEncoderLayer'
    checkOptions(name, options, [
      'dimFeedforward',
      'dropout',
      'activation',
      'layerNormEps',
      'batchFirst',
      'normFirst',
      'bias',
      'dtype',
    ])
    const {
      dimFeedforward = 2048,
      dropout = 0.1,
      activation = 'relu',
      layerNormEps: eps = 1e-5,
      batchFirst,
      normFirst = false,
      bias,
      dtype,
    } = options
    const chosen = typeof activation === 'function' ? activation : activations[activation]
    if (!chosen)
      throw new ArgumentError(`${name}: activation is 'relu', 'gelu' or a function, got ${shown(activation)}`)
    requireFlags(name, { normFirst })
    requireSizes(name, { dModel, numHeads, dimFeedforward })
    this.normFirst = normFirst
    this.activation = chosen
    this.selfAttn = new MultiheadAttention(dModel, numHeads, { dropout, batchFirst, bias, dtype })
    this.linear1 = new Linear(dModel, dimFeedforward, { bias, dtype })
    this.dropout = new Dropout(dropout)
    this.linear2 = new Linear(dimFeedforward, dModel, { bias, dtype })
    this.norm1 = new LayerNorm(dModel, { eps, bias, dtype })
    this.norm2 = new LayerNorm(dModel, { eps, bias, dtype })
    this.dropout1 = new Dropout(dropout)
    this.dropout2 = new Dropout(dropout)
  }

  forward(x: Tensor, options: EncoderCall = {}): Tensor {
    checkOptions('TransformerEncoderLayer', options, ['srcMask', 'srcKeyPaddingMask'])
    if (this.normFirst) {
      const attended = add(x, this.#attend(this.norm1.forward(x), options))
      return add(attended, this.#feed(this.norm2.forward(attended)))
    }
    const attended = this.norm1.forward(add(x, this.#attend(x, options)))
    return this.norm2.forward(add(attended, this.#feed(attended)))
  }

  #attend(x: Tensor, { srcMask, srcKeyPaddingMask }: EncoderCall): Tensor {
    const [y] = this.selfAttn.forward(x, x, x, {
      attnMask: srcMask,
      keyPaddingMask: srcKeyPaddingMask,
      needWeights: false,
    })
    return this.dropout1.forward(y)
  }

  #feed(x: Tensor): Tensor {
    const hidden = this.dropout.forward(this.activation(this.linear1.forward(x)))
    return this.dropout2.forward(this.linear2.forward(hidden))
  }
}
