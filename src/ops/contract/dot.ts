import { contract } from '../kinds/contract.ts'

/** The sum of products of two vectors: `i,i->`. */
export const dot = contract({ name: 'dot' })
