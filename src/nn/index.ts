/** What networks are made of. Start with `module.ts`, then `linear.ts`. */

import '../functional/fluent.ts'

export * from '../functional/losses/index.ts'
export * from './activations.ts'
export { type AttentionCall, MultiheadAttention, type MultiheadAttentionOptions } from './attention.ts'
export { ModuleList, Sequential } from './containers.ts'
export {
  Conv1d,
  Conv2d,
  type ConvLayerOptions,
  ConvTranspose2d,
  type ConvTransposeLayerOptions,
} from './convolution.ts'
export { Dropout, Embedding, type EmbeddingLayerOptions } from './embedding.ts'
export * as init from './init.ts'
export { Flatten, Identity, Linear, type LinearOptions } from './linear.ts'
export * from './losses.ts'
export { type Layer, Module } from './module.ts'
export {
  BatchNorm1d,
  BatchNorm2d,
  type BatchNormLayerOptions,
  GroupNorm,
  type GroupNormOptions,
  LayerNorm,
  type LayerNormOptions,
  RMSNorm,
} from './normalization.ts'
export { Parameter } from './parameter.ts'
export { AdaptiveAvgPool2d, AvgPool2d, MaxPool2d } from './pooling.ts'
export { GRU, LSTM, type RecurrentOptions, RNN, type RNNOptions } from './recurrent.ts'
export type { LoadOptions, LoadResult, StateDict } from './state.ts'
export { type EncoderCall, TransformerEncoderLayer, type TransformerEncoderLayerOptions } from './transformer.ts'
