/** Losses: (input, target, options) to one number, or to one number per element with { reduction: 'none' }. */
export { type BCEOptions, type BCEWithLogitsOptions, bceLoss, bceWithLogits } from './binary.ts'
export type { ClassOptions } from './classes.ts'
export { type CrossEntropyOptions, crossEntropy, nllLoss } from './crossEntropy.ts'
export { type HuberOptions, huberLoss, l1Loss, mseLoss, type SmoothL1Options, smoothL1Loss } from './distance.ts'
export { type KLDivOptions, klDiv } from './divergence.ts'
export { cosineEmbeddingLoss, hingeEmbeddingLoss, type MarginOptions } from './embedding.ts'
export type { LossOptions, Reduction } from './reduction.ts'
