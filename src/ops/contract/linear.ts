import { contract } from '../kinds/contract.ts'

/** Features times the rows of a weight: `ni,oi->no`. */
export const linear = contract({ name: 'linear' })
