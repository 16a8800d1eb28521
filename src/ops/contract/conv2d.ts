import { contract } from '../kinds/contract.ts'

/** A convolution as a contraction over windows: `nchwyx,ocyx->nohw`. */
export const conv2d = contract({ name: 'conv2d' })
