import { contract } from '../kinds/contract.ts'

/** The sum over a window, as a contraction with a kernel of ones: `nchwyx,yx->nchw`. */
export const avgPool2d = contract({ name: 'avgPool2d' })
