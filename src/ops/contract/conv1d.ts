import { contract } from '../kinds/contract.ts'

/** A convolution as a contraction over windows: `nchx,ocx->noh`. */
export const conv1d = contract({ name: 'conv1d' })
