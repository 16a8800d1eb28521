import { contract } from '../kinds/contract.ts'

/** Every product of two elements: `i,j->ij`. */
export const outer = contract({ name: 'outer' })
